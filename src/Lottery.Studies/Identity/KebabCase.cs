using System.Text.Json;

namespace Lottery.Studies.Identity;

/// <summary>The names of enum members in files and options: <c>one-shot</c>.</summary>
internal static class KebabCase
{
    /// <summary>The name of <paramref name="value"/>.</summary>
    public static string Of<T>(T value) where T : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The member called <paramref name="name"/>.</summary>
    /// <exception cref="FormatException">There is none; the message lists the names.</exception>
    public static T Parse<T>(string? name) where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
            if (Of(value) == name) return value;
        throw new FormatException($"'{name}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Of))}");
    }
}
