using System.Text.Json.Nodes;

namespace Lottery.Report.Sections;

/// <summary>Specifications as flat fields: a path such as <c>prune.criterion</c> and its value.</summary>
internal static class SpecificationFields
{
    /// <summary>The values of a specification by their paths, for example <c>training.batch</c>.</summary>
    public static SortedDictionary<string, string> Flatten(JsonNode specification)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in specification.AsObject()) Flatten(value!, name, fields);
        return fields;
    }

    private static void Flatten(JsonNode node, string path, SortedDictionary<string, string> fields)
    {
        if (node is JsonObject members)
            foreach ((string key, JsonNode? value) in members) Flatten(value!, $"{path}.{key}", fields);
        else fields[path] = node is JsonValue ? node.ToString() : node.ToJsonString();
    }
}
