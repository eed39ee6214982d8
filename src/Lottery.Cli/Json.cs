using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lottery.Cli;

/// <summary>The one document that <c>--json</c> writes.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of <paramref name="document"/>, indented.</summary>
    public static string Text(JsonNode document) => document.ToJsonString(s_indented);

    /// <summary>An array of words.</summary>
    public static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}
