using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tables;

namespace Lottery.Cli.Studies;

/// <summary>A study as a store knows it, without its file: its runs, grouped by what differs in their specifications.</summary>
internal static class StoredStudy
{
    private static readonly string[] s_shared = ["network", "data", "training"];

    /// <summary>The ids of a study's runs, finished or not.</summary>
    /// <exception cref="UserException">The store has no study of that name.</exception>
    public static ImmutableArray<string> Ids(RunStore store, string name)
    {
        if (!store.StudyNames.Contains(name))
            throw new UserException($"{store.Paths.Root} has no study called '{name}'"
                + (Suggestion.Nearest(name, store.StudyNames) is { } nearest ? $"; did you mean '{nearest}'?"
                    : "; `lottery study list` shows which there are, and a file can be named by its path."));
        return store.Study(name);
    }

    /// <summary>The table of the finished runs among <paramref name="ids"/>, the first cell being the reference.</summary>
    /// <exception cref="UserException">None is finished.</exception>
    public static StudyTable Table(RunStore store, string name, ImmutableArray<string> ids)
    {
        Dictionary<string, RunRecord> records = store.List().ToDictionary(run => run.Id);
        Run[] runs = [.. ids.Where(records.ContainsKey).Select(id => Read(store, records[id]))];
        if (runs.Length == 0)
            throw new UserException($"No run of {name} is finished yet: `lottery study run` with its file goes on.");
        Run[] pruned = [.. runs.Where(run => run.Outcome.Level > 0)], dense = [.. runs.Except(pruned)];
        Run[][] cells = [.. (pruned.Length > 0 ? pruned : dense).GroupBy(run => run.Cell).Select(cell => cell.ToArray())];
        string[] varying =
            [.. cells[0][0].Fields.Keys.Where(field => cells.Select(cell => cell[0].Fields[field]).Distinct().Count() > 1)];
        StudyGroup[] groups = [.. cells.Select(cell => new StudyGroup(
            [.. varying.Select(field => Told(field, cell[0].Fields[field]))],
            [
                .. cell.Concat(dense.Where(run => pruned.Length > 0 && run.Shared == cell[0].Shared))
                    .Select(run => (run.Id, run.Outcome)),
            ]))];
        return StudyTable.Of([.. varying.Select(Short)], groups, groups[0], testPictures: 0);
    }

    private static Run Read(RunStore store, RunRecord record)
    {
        JsonNode specification = store.Show(record.Id).Specification;
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in (string[])[.. s_shared, "prune", "control"])
            if (specification[part] is { } node) Flatten(node, part, fields);
        fields.Remove("data.split-seed");
        return new(record.Id, Outcome.Of(record), fields);
    }

    private static void Flatten(JsonNode node, string path, SortedDictionary<string, string> fields)
    {
        if (node is JsonObject members)
            foreach ((string key, JsonNode? value) in members) Flatten(value!, $"{path}.{key}", fields);
        else fields[path] = node is JsonValue ? node.ToString() : node.ToJsonString();
    }

    private static string Told(string field, string value) =>
        field == StudyTable.Control ? Figures.Heading(KebabCase.Parse<Control>(value)) : value;

    private static string Short(string field) => field.Split('.', 2) is ["prune" or "training", string rest] ? rest : field;

    /// <summary>A finished run and what its specification says, but for seed and level.</summary>
    private sealed record Run(string Id, Outcome Outcome, SortedDictionary<string, string> Fields)
    {
        /// <summary>What it shares with the dense run that it comes from.</summary>
        public string Shared { get; } = Joined(Fields.Where(field => s_shared.Contains(field.Key.Split('.')[0])));

        /// <summary>What it shares with the other levels and seeds of its cell.</summary>
        public string Cell { get; } = Joined(Fields);

        private static string Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
            string.Join('\n', fields.Select(field => $"{field.Key} {field.Value}"));
    }
}
