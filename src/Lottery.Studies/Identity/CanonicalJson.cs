using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lottery.Studies.Identity;

/// <summary>
/// JSON with one spelling for each value, so that equal values have equal hashes: no white space, keys in ordinal
/// order, nothing escaped but what JSON demands, integers in full, other numbers in the fewest digits that read
/// back the same (<c>0.0012</c>, <c>1e-08</c>).
/// </summary>
/// <remarks>
/// Python's <c>json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False)</c> gives the same text.
/// </remarks>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The canonical text of <paramref name="node"/>; its numbers are integers or come from <see cref="Number(double)"/>.
    /// </summary>
    public static string Write(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain)) Write(writer, node);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>SHA-256 of the canonical text of <paramref name="node"/>, in lower-case hexadecimal.</summary>
    public static string Hash(JsonNode node) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(node))));

    /// <summary>A finite number in the fewest digits that read back the same.</summary>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public static JsonNode Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"{value} cannot be written in JSON.", nameof(value));
        return JsonNode.Parse((value + 0.0).ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'))!;
    }

    /// <summary>An exact decimal without trailing zeros.</summary>
    public static JsonNode Number(decimal value) =>
        JsonNode.Parse(value.ToString("0.############################", CultureInfo.InvariantCulture))!;

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach ((string key, JsonNode? value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (JsonNode? item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
