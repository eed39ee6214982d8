using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Options;

/// <summary><c>--controls reinit,random-mask</c>, or <c>none</c>.</summary>
internal sealed class ControlsOption : Option<string>
{
    private static readonly (string Name, Control Value)[] s_names =
        [.. Enum.GetValues<Control>().Select(control => (KebabCase.Of(control), control))];

    public ControlsOption() : base("--controls")
    {
        Description = "What tickets are compared with.";
        HelpName = "none|reinit|random-mask[,…]";
        DefaultValueFactory = _ => KebabCase.Of(Control.None);
    }

    /// <summary>The controls given.</summary>
    /// <exception cref="UserException">There is no such control; the nearest is suggested.</exception>
    public ImmutableArray<Control> Of(ParseResult parsed) =>
    [
        .. parsed.GetValue(this)!.Split(',').Select(name => Choices.Find(Name, name, s_names))
            .Where(control => control != Control.None).Distinct().Order(),
    ];
}
