using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Report.Dashboard;

/// <summary>
/// Runs side by side: their curves, as means where several are replicates of one condition; the settings in which they differ;
/// and the first stage at which their bits differ.
/// </summary>
internal static class ComparePage
{
    /// <summary>The most runs of one comparison.</summary>
    public const int Most = 40;

    private const int MostValues = 6, MostSingle = 7;

    /// <summary>The page.</summary>
    /// <param name="now">The store's content.</param>
    /// <param name="store">The store.</param>
    /// <param name="ids">Full ids, or their beginnings.</param>
    /// <exception cref="UserException">There is no such run.</exception>
    public static DashboardPage Create(StoreSnapshot now, RunStore store, IReadOnlyCollection<string> ids)
    {
        RunSummary[] runs = [.. ids.Distinct().Take(Most).Select(id => Find(now, store, id)).DistinctBy(run => run.Id)];
        if (runs.Length < 2)
            return new("Compare", Html.Of($"<p>Choose two runs or more in the <a href=\"/runs\">table of runs</a>.</p>"));
        ImmutableArray<ComparedRuns> groups = ComparedRuns.Group(runs);
        runs = [.. groups.SelectMany(group => group.Runs)];
        // Replicates of one condition are shown one by one, too.
        ImmutableArray<ComparedRuns> single = groups.Length == 1 ? groups[0].Single() : groups;
        ImmutableArray<ComparedRuns> drawn = groups.Length == 1 ? [groups[0] with { Name = "mean" }, .. single.Take(MostSingle)] : groups;
        return new("Compare", Html.Of($"""
            {PageParts.Readable(() => Stages(runs, [.. runs.Select(run => store.Stages(run.Id))]))}
            <section id="curves"><h2>Their curves</h2>
            {PageParts.Readable(() => Curves(drawn, store))}</section>
            <section id="differences"><h2>Settings</h2>{PageParts.Readable(() => Differences(single, store))}</section>
            <section id="runs"><h2>The runs</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="The runs">{RunRows.RenderTable(runs, RunColumns.Choose(runs, []))}</div></section>
            """)) { FollowsProgress = false, HasCharts = true };
    }

    private static RunSummary Find(StoreSnapshot now, RunStore store, string id)
    {
        if (now.ById.TryGetValue(id, out RunSummary? run)) return run;
        string[] found = [.. now.ById.Keys.Where(known => id.Length > 0 && known.StartsWith(id, StringComparison.OrdinalIgnoreCase)).Take(2)];
        return found.Length == 1 ? now.ById[found[0]] : store.Summary(store.Resolve(id));
    }

    private static Html Curves(ImmutableArray<ComparedRuns> groups, RunStore store) => Html.Of($"""
        {RunCurves.Create(
            [.. groups.Select(group => new RunCurve(group.Name, [.. group.Runs.Select(run => new Evaluated(store.Evaluations(run.Id), run.Steps > 0 ? run.EarlyStopStep : null))]))],
            groups.Max(group => group.Runs.Max(run => run.Steps))).Select(chart => ChartHtml.Render(chart, chart.Key, Html.Empty))}
        """);

    /// <summary>The first difference as a sentence, and the hashes behind it.</summary>
    private static Html Stages(RunSummary[] runs, ImmutableArray<(string Stage, string Sha256)>[] stages)
    {
        string[] order = [.. Ordered(stages.SelectMany(run => run.Select(stage => stage.Stage)).Distinct())];
        string[][] rows = [.. order.Select(stage => stages.Select(run => run.FirstOrDefault(one => one.Stage == stage).Sha256 ?? "").ToArray())];
        return Html.Of($"""
            <p class="finding" id="first-difference">{FirstDifference(stages)}</p>
            <details id="stages"><summary>Stage by stage</summary>
            <p class="note">SHA-256 of what each stage produced; runs with equal hashes have the same bits up to there.</p>
            {Table("Stages", "stage", [.. runs.Select(run => RunIdentity.Short(run.Id))], order, rows, hash => hash.Length == 0 ? "–" : hash[..Math.Min(12, hash.Length)])}</details>
            """);
    }

    internal static string FirstDifference(ImmutableArray<(string Stage, string Sha256)>[] runs)
    {
        string?[] stages = [.. runs[1..].Select(run => RunStages.FirstDifference(runs[0], run))];
        if (stages.All(stage => stage is null)) return "No stage differs: the runs are bit-identical.";
        if (runs.Length == 2) return $"The first stage that differs: {stages[0]}.";
        int same = stages.Count(stage => stage is null);
        if (stages.Distinct().Count() == 1) return $"All {stages.Length} others differ from the first run, first at: {stages[0]}.";
        string[] differing =
        [
            .. Ordered(stages.OfType<string>().Distinct()).Select(stage => $"{NumberFormat.Counted(stages.Count(one => one == stage), "run")} first at: {stage}"),
        ];
        return $"Different from the first run are {string.Join("; ", differing)}{(same == 0 ? "" : $". Bit-identical to it: {NumberFormat.Counted(same, "run")}")}.";
    }

    // A run with more epochs has batch orders that the first does not have: they come before the weights.
    private static IEnumerable<string> Ordered(IEnumerable<string> stages) => stages.OrderBy(Rank);

    private static (int, int) Rank(string stage) => stage switch
    {
        "mask" => (0, 0),
        "initial weights" => (1, 0),
        "best weights" => (3, 0),
        "final weights" => (4, 0),
        "best scores" => (5, 0),
        "final scores" => (6, 0),
        _ => (2, int.TryParse(stage[(stage.LastIndexOf(' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) ? epoch : 0),
    };

    private static Html Differences(ImmutableArray<ComparedRuns> groups, RunStore store)
    {
        Dictionary<string, string>[][] fields = [.. groups.Select(group => group.Runs.Select(run => Fields(store, run)).ToArray())];
        string[] order = [.. fields.SelectMany(group => group.SelectMany(run => run.Keys)).Distinct()];
        string[][] values = [.. order.Select(name => fields.Select(group => Values(group, name)).ToArray())];
        int[] differing = [.. Enumerable.Range(0, order.Length).Where(i => values[i].Distinct().Count() > 1)];
        int[] same = [.. Enumerable.Range(0, order.Length).Except(differing)];
        string[] names = [.. groups.Select(group => group.Name)];
        return Html.Of($"""
            {(differing.Length == 0 ? Html.Of($"<p>They are equal.</p>") : Table("Different settings", "setting", names, [.. differing.Select(i => order[i])], [.. differing.Select(i => values[i])], Shown))}
            <details id="equal"><summary>{NumberFormat.Counted(same.Length, "equal setting")}</summary>{Table("Equal settings", "setting", ["value"], [.. same.Select(i => order[i])], [.. same.Select(i => values[i][..1])], Shown)}</details>
            """);

        static string Shown(string value) => value.Length == 0 ? "–" : value;
    }

    private static Dictionary<string, string> Fields(RunStore store, RunSummary run) => DocumentFields.Of(store.Document(run.Id))
        .Where(field => field.Part == "specification").ToDictionary(field => field.Name, field => field.Value);

    /// <summary>The values of replicates, which differ where they follow from the seed.</summary>
    private static string Values(Dictionary<string, string>[] runs, string name)
    {
        string[] values = [.. runs.Select(run => Shortened(run.GetValueOrDefault(name) ?? "")).Distinct()];
        return values.Length <= MostValues ? string.Join(", ", values) : $"{string.Join(", ", values.Take(MostValues))}, …";
    }

    /// <summary>Hashes and ids are told apart by their beginning.</summary>
    private static string Shortened(string value) => value.Length == 64 && value.All(char.IsAsciiHexDigitLower) ? RunIdentity.Short(value) : value;

    private static Html Table(string label, string corner, string[] names, string[] rows, string[][] values, Func<string, string> show) => Html.Of($"""
        <div class="scroll whole" tabindex="0" role="region" aria-label="{label}"><table class="fields">
        <thead><tr><th scope="col">{corner}</th>{names.Select(name => Html.Of($"<th scope=\"col\">{name}</th>"))}</tr></thead>
        <tbody>{rows.Zip(values, (row, cells) => Html.Of($"""
            <tr><th scope="row">{PageParts.Path(row)}</th>{cells.Select((cell, i) => Html.Of($"<td{Differs(i > 0 && cell != cells[0])}>{show(cell)}</td>"))}</tr>

            """))}</tbody></table></div>
        """);

    private static Html Differs(bool differs) => differs ? new(" class=\"differs\"") : Html.Empty;
}
