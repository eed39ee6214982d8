using System.CommandLine;

namespace Lottery.Cli.Options;

/// <summary>An option whose value is one of some names.</summary>
internal sealed class ChoiceOption<T> : Option<string>
{
    private readonly (string Name, T Value)[] _choices;

    /// <param name="name">With its dashes.</param>
    /// <param name="description">A sentence for the help.</param>
    /// <param name="choices">The names and their values, the default first.</param>
    public ChoiceOption(string name, string description, params (string Name, T Value)[] choices) : base(name)
    {
        _choices = choices;
        Description = description;
        HelpName = string.Join('|', choices.Select(choice => choice.Name));
        DefaultValueFactory = _ => choices[0].Name;
        CompletionSources.Add([.. choices.Select(choice => choice.Name)]);
    }

    /// <summary>The value that the command line states, or the default.</summary>
    /// <exception cref="UserException">No choice has that name; the nearest is suggested.</exception>
    public T Of(ParseResult parsed) => Choices.Find(Name, parsed.GetValue(this)!, _choices);
}

/// <summary>A value by its name, for options with a fixed set of values.</summary>
internal static class Choices
{
    /// <summary>The value called <paramref name="text"/>.</summary>
    /// <exception cref="UserException">No value is called that; the nearest name is suggested, or all are listed.</exception>
    public static T Find<T>(string option, string text, (string Name, T Value)[] choices)
    {
        foreach ((string name, T value) in choices)
            if (name == text) return value;
        string[] names = [.. choices.Select(choice => choice.Name)];
        string ending = Suggestion.Nearest(text, names) is { } nearest
            ? $"did you mean '{nearest}'?"
            : $"use one of {string.Join(", ", names)}.";
        throw new UserException($"{option} cannot be '{text}'; {ending}");
    }
}
