using System.Collections.Frozen;
using System.Text.Json;

namespace Lottery.Studies.Identity;

/// <summary>The names of enum members in files and options: <c>one-shot</c>.</summary>
internal static class KebabCase
{
    /// <summary>The name of <paramref name="value"/>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Known<T>.Names.TryGetValue(value, out string? name) ? name : Convert(value);

    /// <summary>The member called <paramref name="name"/>.</summary>
    /// <exception cref="FormatException">There is none; the message lists the names.</exception>
    public static T Parse<T>(string? name) where T : struct, Enum
    {
        foreach ((T value, string known) in Known<T>.Names)
            if (known == name) return value;
        throw new FormatException($"'{name}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Of))}");
    }

    private static string Convert<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The names of a type's members, computed once.</summary>
    private static class Known<T> where T : struct, Enum
    {
        public static FrozenDictionary<T, string> Names { get; } = Enum.GetValues<T>().Distinct().ToFrozenDictionary(value => value, Convert);
    }
}
