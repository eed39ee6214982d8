using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Studies.Store;
using Lottery.Tables;

namespace Lottery.Chapters;

/// <summary>A finished run of a chapter: its line in the list, its file, and what its specification says, flattened.</summary>
public sealed record ReportedRun
{
    private static readonly string[] s_shared = ["network", "data", "training"];

    private ReportedRun(RunRecord record, RunDocument document)
    {
        (Record, Document, Outcome) = (record, document, Outcome.Of(record));
        var fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string part in (string[])[.. s_shared, "prune", "control"])
            if (document.Specification[part] is { } node) Flatten(node, part, fields);
        // It follows the seed, which replicates differ in.
        fields.Remove("data.split-seed");
        Fields = fields.ToImmutable();
        Shared = Joined(Fields.Where(field => s_shared.Contains(field.Key.Split('.')[0])));
        Cell = Joined(Fields);
    }

    /// <summary>Its line in the list.</summary>
    public RunRecord Record { get; }

    /// <summary>All that its file says.</summary>
    public RunDocument Document { get; }

    /// <summary>What tables need of it.</summary>
    public Outcome Outcome { get; }

    /// <summary>What its specification says, but for seed and level: <c>prune.criterion</c> and its value.</summary>
    public ImmutableSortedDictionary<string, string> Fields { get; }

    /// <summary>What it shares with the dense run that it comes from.</summary>
    public string Shared { get; }

    /// <summary>What it shares with the other levels and seeds of its cell.</summary>
    public string Cell { get; }

    /// <summary>The run's id.</summary>
    public string Id => Record.Id;

    /// <summary>Reads a run's file.</summary>
    /// <exception cref="UserException">It is damaged, or of a newer format.</exception>
    public static ReportedRun Read(RunStore store, RunRecord record) => new(record, store.Document(record.Id));

    private static void Flatten(JsonNode node, string path, ImmutableSortedDictionary<string, string>.Builder fields)
    {
        if (node is JsonObject members)
            foreach ((string key, JsonNode? value) in members) Flatten(value!, $"{path}.{key}", fields);
        else fields[path] = node is JsonValue ? node.ToString() : node.ToJsonString();
    }

    private static string Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('\n', fields.Select(field => $"{field.Key} {field.Value}"));
}
