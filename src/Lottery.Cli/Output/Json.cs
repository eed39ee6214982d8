using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lottery.Cli.Output;

/// <summary>The format of the document that <c>--json</c> writes.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of <paramref name="document"/>, indented.</summary>
    public static string Text(JsonNode document) => document.ToJsonString(s_indented);

    /// <summary>An array of strings.</summary>
    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);
}
