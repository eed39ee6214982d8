using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Files;

/// <summary>The JSON schema of study files, by which editors complete and check them.</summary>
internal static class StudySchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of <c>studies/study.schema.json</c>.</summary>
    public static string Text
    {
        get
        {
            JsonObject schema = StudyShape.File.Schema();
            schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
            schema.Insert(1, "title", "A study for lottery");
            schema["definitions"] = new JsonObject(((SharedShape[])[StudyAxes.Cell, new("scale", () => StudyShape.Scale)])
                .Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Of.Schema())));
            return schema.ToJsonString(Indented) + "\n";
        }
    }
}
