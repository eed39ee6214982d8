using System.CommandLine;

namespace Lottery.Cli.Options;

/// <summary>An option whose value is one of some names.</summary>
internal sealed class ChoiceOption<T> : Option<string>
{
    private readonly (string Name, T Value)[] _choices;

    /// <param name="name">With its dashes.</param>
    /// <param name="description">A sentence for the help.</param>
    /// <param name="choices">The names and what they stand for, the default first.</param>
    public ChoiceOption(string name, string description, params (string Name, T Value)[] choices) : base(name)
    {
        _choices = choices;
        Description = description;
        HelpName = string.Join('|', choices.Select(choice => choice.Name));
        DefaultValueFactory = _ => choices[0].Name;
    }

    /// <summary>What was chosen.</summary>
    /// <exception cref="UserException">No choice has that name; the nearest is suggested.</exception>
    public T Of(ParseResult parsed) => Choices.Find(Name, parsed.GetValue(this)!, _choices);
}

/// <summary>Names and what they stand for.</summary>
internal static class Choices
{
    /// <summary>What <paramref name="text"/> stands for.</summary>
    /// <exception cref="UserException">Nothing; the nearest name is suggested, or all are listed.</exception>
    public static T Find<T>(string option, string text, (string Name, T Value)[] choices)
    {
        foreach ((string name, T value) in choices)
            if (name == text) return value;
        string[] names = [.. choices.Select(choice => choice.Name)];
        string ending = Suggestion.Nearest(text, names) is { } nearest
            ? $"did you mean '{nearest}'?"
            : $"take {string.Join(" or ", names)}.";
        throw new UserException($"{option} has no value '{text}'; {ending}");
    }
}
