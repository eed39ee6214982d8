using System.Collections.Immutable;
using System.Globalization;

namespace Lottery;

/// <summary>Looks up named things, such as criteria and actions, for specifications and the command line.</summary>
internal static class Registry
{
    /// <summary>Finds the item that <paramref name="text"/> names, as NAME or as NAME(NUMBER).</summary>
    /// <param name="noun">The kind of item, for messages.</param>
    /// <param name="text">A name, or a name with a number.</param>
    /// <param name="all">All items.</param>
    /// <param name="nameOf">The name of an item.</param>
    /// <param name="with">The item with its number; null if it takes none.</param>
    /// <returns>The item; null if no item has that name.</returns>
    /// <exception cref="UserException">The item takes no number, or the text in parentheses is not a number above 0.</exception>
    internal static T? Find<T>(
        string noun, string text, ImmutableArray<T> all, Func<T, string> nameOf, Func<T, double, T?> with)
        where T : class
    {
        string name = NameIn(text);
        T? found = all.FirstOrDefault(one => nameOf(one) == name);
        if (found is null || name == text) return found;
        if (with(found, 1.0) is null)
            throw new UserException($"The {noun} {name} takes no number, but '{text}' gives it one.");
        const NumberStyles Unsigned = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string between = text[(name.Length + 1)..^1];
        bool isNumber = double.TryParse(between, Unsigned, CultureInfo.InvariantCulture, out double number);
        return isNumber && number > 0.0 && double.IsFinite(number) ? with(found, number) : throw new UserException(
            $"The {noun} {name} takes a number above 0, as in '{name}(0.5)', but '{text}' gives it another.");
    }

    /// <summary>The item that <paramref name="text"/> names (see <see cref="Find"/>).</summary>
    /// <exception cref="UserException">There is none; the message suggests the nearest name, or lists all.</exception>
    internal static T Get<T>(
        string noun, string text, ImmutableArray<T> all, Func<T, string> nameOf, Func<T, double, T?> with)
        where T : class =>
        Find(noun, text, all, nameOf, with) ?? throw Unknown(noun, text, all.Select(nameOf));

    /// <summary>The error for an unknown name.</summary>
    internal static UserException Unknown(string noun, string text, IEnumerable<string> names, string or = "") =>
        new(Suggestion.Nearest(NameIn(text), names) is { } nearest
            ? $"There is no {noun} called '{text}'; did you mean '{nearest}'?"
            : $"There is no {noun} called '{text}': take one of {string.Join(", ", names)}{or}.");

    /// <summary>(NUMBER) as it follows a name, in the shortest form that reads back the same; empty for null.</summary>
    internal static string Between(double? number) =>
        number is { } given ? string.Create(CultureInfo.InvariantCulture, $"({given:R})") : "";

    /// <summary>NAME in NAME(…); otherwise the whole of <paramref name="text"/>.</summary>
    internal static string NameIn(string text) =>
        text.EndsWith(')') && text.IndexOf('(', StringComparison.Ordinal) is > 0 and int open ? text[..open] : text;
}
