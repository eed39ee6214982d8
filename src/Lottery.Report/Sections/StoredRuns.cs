using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>A finished run of a store, and what its specification says, but for seed and level.</summary>
/// <param name="Record">Its line in the list.</param>
/// <param name="Document">All that its file says.</param>
/// <param name="Fields">What its specification says, flattened: <c>prune.criterion</c> and its value.</param>
internal sealed record StoredRun(RunRecord Record, RunDocument Document, SortedDictionary<string, string> Fields)
{
    private static readonly string[] s_shared = ["network", "data", "training", "mask", "weights"];

    private static readonly string[] s_parts = [.. s_shared, "prune", "supermask", "control"];

    /// <summary>What it shares with the dense run that it comes from.</summary>
    public string Shared { get; } = Joined(Fields.Where(field => s_shared.Contains(field.Key.Split('.')[0])));

    /// <summary>What it shares with the other levels and seeds of its cell.</summary>
    public string Cell { get; } = Joined(Fields);

    /// <summary>The run's id.</summary>
    public string Id => Record.Id;

    /// <summary>True for a run that no level was cut for: dense, or with the mask that its search began with.</summary>
    public bool IsRoot => Record is { Level: 0, Control: "none" };

    /// <summary>What tables need of it.</summary>
    public Outcome Outcome { get; } = Outcome.Of(Record);

    /// <summary>Reads a run of the store's list.</summary>
    /// <exception cref="UserException">Its file is damaged, or of a newer format.</exception>
    public static StoredRun Read(RunStore store, RunRecord record)
    {
        RunDocument document = store.Document(record.Id);
        SortedDictionary<string, string> fields = FieldsOf(document.Specification);
        foreach (string field in fields.Keys.Where(field => !s_parts.Contains(field.Split('.')[0])).ToArray()) fields.Remove(field);
        // It follows the seed, which replicates differ in.
        fields.Remove("data.split-seed");
        return new(record, document, fields);
    }

    /// <summary>The values of a specification by their paths, as in <c>training.batch</c>.</summary>
    public static SortedDictionary<string, string> FieldsOf(JsonNode specification)
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

    private static string Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('\n', fields.Select(field => $"{field.Key} {field.Value}"));
}

/// <summary>Runs grouped by what differs in their specifications, seed and level apart.</summary>
/// <param name="Axes">What differs between groups.</param>
/// <param name="Groups">The groups, with one value per axis.</param>
internal sealed record ConditionGroups(
    ImmutableArray<string> Axes, ImmutableArray<(ImmutableArray<string> Values, ImmutableArray<StoredRun> Runs)> Groups)
{
    private const string Absent = "–";

    /// <summary>Groups <paramref name="runs"/>; at least one.</summary>
    public static ConditionGroups Create(IEnumerable<StoredRun> runs)
    {
        StoredRun[][] cells = [.. runs.GroupBy(run => run.Cell).Select(cell => cell.ToArray())];
        string[] varying =
        [
            .. cells.SelectMany(cell => cell[0].Fields.Keys).Distinct().Order(StringComparer.Ordinal)
                .Where(field => cells.Select(cell => Value(cell, field)).Distinct().Count() > 1),
        ];
        return new([.. varying.Select(Short)], [.. cells.Select(cell =>
            (varying.Select(field => Describe(field, Value(cell, field))).ToImmutableArray(), cell.ToImmutableArray()))]);
    }

    private static string Value(StoredRun[] cell, string field) => cell[0].Fields.GetValueOrDefault(field, Absent);

    private static string Describe(string field, string value) => field switch
    {
        StudyTable.ControlAxis => Labels.Of(KebabCase.Parse<Control>(value)),
        "supermask.rescale" => value is "true" or "True" ? "rescaled" : "not rescaled",
        _ => value,
    };

    private static string Short(string field) => field.Split('.', 2) is ["prune" or "training", string rest] ? rest : field;
}
