using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Specifications as flat fields, by which runs are grouped: a path such as <c>prune.criterion</c> and its value.</summary>
internal static class SpecificationFields
{
    private static readonly string[] s_shared = ["network", "data", "training", "start"];

    private static readonly string[] s_parts = [.. s_shared, "prune", "actions", "supermask", "control"];

    private static readonly ConditionalWeakTable<RunSummary, SortedDictionary<string, string>> s_known = [];

    /// <summary>The fields of a run's specification without seed, level, and what follows from the seed.</summary>
    public static SortedDictionary<string, string> Of(RunSummary run) => s_known.GetValue(run, static run =>
    {
        SortedDictionary<string, string> fields = Flatten(RunIdentity.Describe(run.Specification));
        foreach (string field in fields.Keys.Where(field => !s_parts.Contains(Part(field))).ToArray()) fields.Remove(field);
        fields.Remove("data.split-seed");
        return fields;
    });

    /// <summary>
    /// The fields that a run has in common with the run of level 0 that it comes from: with an initial mask also the actions,
    /// which level 0 has, too.
    /// </summary>
    public static string Shared(RunSummary run)
    {
        bool hasActions = run.Specification.Start?.Mask is not null;
        return Joined(Of(run).Where(field => s_shared.Contains(Part(field.Key)) || (hasActions && Part(field.Key) == "actions")));
    }

    /// <summary>The fields that a run has in common with the other levels and seeds of its condition.</summary>
    public static string Condition(RunSummary run) => Joined(Of(run));

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

    private static string Part(string field) => field.Split('.', 2)[0];

    private static string Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('\n', fields.Select(field => $"{field.Key} {field.Value}"));
}

/// <summary>Runs grouped by what differs in their specifications, seed and level apart.</summary>
/// <param name="Axes">What differs between groups.</param>
/// <param name="Groups">The groups, with one value per axis.</param>
internal sealed record ConditionGroups(
    ImmutableArray<string> Axes, ImmutableArray<(ImmutableArray<string> Values, ImmutableArray<RunSummary> Runs)> Groups)
{
    private const string Absent = "–";

    /// <summary>Groups <paramref name="runs"/>; at least one.</summary>
    public static ConditionGroups Create(IEnumerable<RunSummary> runs)
    {
        RunSummary[][] cells = [.. runs.GroupBy(SpecificationFields.Condition).Select(cell => cell.ToArray())];
        string[] varying =
        [
            .. cells.SelectMany(cell => SpecificationFields.Of(cell[0]).Keys).Distinct().Order(StringComparer.Ordinal)
                .Where(field => cells.Select(cell => Value(cell, field)).Distinct().Count() > 1),
        ];
        return new([.. varying.Select(Short)], [.. cells.Select(cell =>
            (varying.Select(field => Describe(field, Value(cell, field))).ToImmutableArray(), cell.ToImmutableArray()))]);
    }

    private static string Value(RunSummary[] cell, string field) => SpecificationFields.Of(cell[0]).GetValueOrDefault(field, Absent);

    private static string Describe(string field, string value) => field switch
    {
        StudyTable.ControlAxis => Labels.Of(KebabCase.Parse<Control>(value)),
        "supermask.rescale" => value is "true" or "True" ? "rescaled" : "not rescaled",
        _ => value,
    };

    private static string Short(string field) => field.Split('.', 2) is ["prune" or "actions" or "training", string rest] ? rest : field;
}
