using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Lottery.Report.Dashboard;

/// <summary>One value of <c>run.json</c>.</summary>
/// <param name="Part">Specification, results, stages, or origin.</param>
/// <param name="Name">Its path, for example <c>training.optimizer.lr</c>.</param>
/// <param name="Value">Its value as text.</param>
internal sealed record DocumentField(string Part, string Name, string Value);

/// <summary>Flattens <c>run.json</c> for the pages.</summary>
internal static class DocumentFields
{
    private static readonly (string Key, string Part)[] s_parts =
        [("specification", "specification"), ("results", "results"), ("sha256", "stages"), ("origin", "origin")];

    /// <summary>The values of a document, in the order of the file.</summary>
    public static ImmutableArray<DocumentField> Of(JsonObject document)
    {
        var fields = ImmutableArray.CreateBuilder<DocumentField>();
        foreach ((string key, string part) in s_parts) Add(fields, part, "", document[key]!);
        return fields.ToImmutable();
    }

    private static void Add(ImmutableArray<DocumentField>.Builder fields, string part, string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                foreach ((string key, JsonNode? member) in members) Add(fields, part, name.Length == 0 ? key : $"{name}.{key}", member);
                break;
            case JsonArray items when items.Any(item => item is JsonObject or JsonArray) || name.EndsWith("batch-orders", StringComparison.Ordinal):
                for (int i = 0; i < items.Count; i++) Add(fields, part, $"{name}[{i}]", items[i]);
                break;
            case JsonArray items:
                fields.Add(new(part, name, items.Count == 0 ? "–" : string.Join(", ", items.Select(item => item?.ToString() ?? "null"))));
                break;
            default:
                fields.Add(new(part, name, value?.ToString() ?? "null"));
                break;
        }
    }
}
