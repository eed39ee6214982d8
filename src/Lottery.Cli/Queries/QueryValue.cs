using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Lottery.Cli.Queries;

/// <summary>A value of a query result as text or JSON.</summary>
internal static class QueryValue
{
    /// <summary>For programs: numbers with all digits, lists and structures as JSON.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        DateTime time => time.ToString(Fraction(time), CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IEnumerable => Json(value)!.ToJsonString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>For people: six digits after the point.</summary>
    public static string Short(object? value) => value switch
    {
        double number when double.IsFinite(number) => Rounded(number),
        float number when float.IsFinite(number) => Rounded(number),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        IEnumerable<string> items => string.Join(", ", items),
        _ => Text(value),
    };

    /// <summary>As a JSON value; NaN and infinities are null.</summary>
    public static JsonNode? Json(object? value) => value switch
    {
        null => null,
        double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
        float number => float.IsFinite(number) ? JsonValue.Create(number) : null,
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        sbyte or byte or short or ushort or uint => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        IDictionary entries => Object(entries),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Json)]),
        _ => JsonValue.Create(Text(value)),
    };

    private static JsonObject Object(IDictionary entries)
    {
        var json = new JsonObject();
        foreach (DictionaryEntry entry in entries) json[Text(entry.Key)] = Json(entry.Value);
        return json;
    }

    private static string Rounded(double number) => Math.Abs(number) is 0 or (>= 1e-4 and < 1e15)
        ? number.ToString("0.######", CultureInfo.InvariantCulture)
        : number.ToString("0.#####e0", CultureInfo.InvariantCulture);

    private static string Fraction(DateTime time) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.ffffff";
}
