using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// A number in the files of a store, as canonical JSON writes it. What JSON has no number for is one of the strings <c>"NaN"</c>,
/// <c>"Infinity"</c> and <c>"-Infinity"</c>, and is read back as it was; in SQL and in <c>--json</c> it is null.
/// </summary>
internal sealed class MetricConverter : JsonConverter<double>
{
    private static readonly string[] s_words = ["NaN", "Infinity", "-Infinity"];

    /// <summary>True for the text of a number that is not finite.</summary>
    public static bool IsWord(string text) => s_words.Contains(text);

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? reader.GetDouble()
            : reader.GetString() is { } text && IsWord(text) ? double.Parse(text, CultureInfo.InvariantCulture)
            : throw new JsonException("It is no number.");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteRawValue(CanonicalJson.Number(value).ToJsonString());
        else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
