using System.CommandLine;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Options;

/// <summary><c>--augment crop,flip</c>, or <c>none</c>.</summary>
internal sealed class AugmentOption : Option<string>
{
    private static readonly (string Name, Augmentation Value)[] s_names =
        [.. Augmentations.All.Prepend(Augmentation.None).Select(one => (KebabCase.Of(one), one))];

    public AugmentOption() : base("--augment")
    {
        Description = "How images are changed each time they are trained on.";
        HelpName = "none|crop|flip[,…]";
        DefaultValueFactory = _ => KebabCase.Of(Augmentation.None);
    }

    /// <summary>The changes given.</summary>
    /// <exception cref="UserException">There is no such change; the nearest is suggested.</exception>
    public Augmentation Of(ParseResult parsed) =>
        parsed.GetValue(this)!.Split(',').Aggregate(Augmentation.None, (all, name) => all | Choices.Find(Name, name, s_names));
}
