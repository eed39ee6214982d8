using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Report.Dashboard;

/// <summary>Runs side by side: their curves, the differences of their specifications, and the first stage at which their bits differ.</summary>
internal static class ComparePage
{
    private const int Most = 8;

    /// <summary>The page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="ids">Full ids, or their beginnings.</param>
    /// <exception cref="UserException">There is no such run.</exception>
    public static DashboardPage Create(RunStore store, IReadOnlyCollection<string> ids)
    {
        RunSummary[] runs = [.. ids.Distinct().Take(Most).Select(store.Resolve).Select(store.Summary)];
        if (runs.Length < 2)
            return new("Compare", Html.Of($"<p>Choose two runs or more in the <a href=\"/runs\">table of runs</a>.</p>"));
        string[] names = [.. runs.Select(Name)];
        ImmutableArray<(string Stage, string Sha256)>[] stages = [.. runs.Select(run => store.Stages(run.Id))];
        var curves = runs.Zip(names, (run, name) => (name, store.Evaluations(run.Id))).ToArray();
        return new("Compare", Html.Of($"""
            <p class="finding" id="first-difference">{FirstDifference(stages, names)}</p>
            <section id="runs"><h2>The runs</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="The runs">{RunRows.RenderTable(runs)}</div></section>
            <section id="curves"><h2>Their curves</h2>
            {RunCurves.Create(curves, runs.Max(run => run.Steps)).Select(chart => ChartHtml.Render(chart, chart.Key, Html.Empty))}</section>
            <section id="stages"><h2>Stage by stage</h2>
            <p class="note">SHA-256 of what each stage produced; runs with equal hashes have the same bits up to there.</p>
            {Stages(stages, names)}</section>
            <section id="differences"><h2>Specifications</h2>{Differences([.. runs.Select(run => store.Document(run.Id))], names)}</section>
            """)) { FollowsProgress = false, HasCharts = true };
    }

    private static string Name(RunSummary run)
    {
        string what = run.Level == 0 ? "dense" : run.Control == Control.None ? run.Criterion ?? "ticket" : KebabCase.Of(run.Control);
        return $"{RunIdentity.Short(run.Id)} {what}, level {run.Level}, seed {run.Seed}";
    }

    private static string FirstDifference(ImmutableArray<(string Stage, string Sha256)>[] runs, string[] names)
    {
        string?[] stages = [.. runs[1..].Select(run => RunStages.FirstDifference(runs[0], run))];
        if (stages.All(stage => stage is null)) return "No stage differs: the runs are bit-identical.";
        if (runs.Length == 2) return $"The first stage that differs: {stages[0]}.";
        return string.Join(" ", stages.Select((stage, i) =>
            stage is null ? $"{names[i + 1]} is bit-identical to the first." : $"{names[i + 1]} differs from the first at: {stage}."));
    }

    private static Html Stages(ImmutableArray<(string Stage, string Sha256)>[] stages, string[] names)
    {
        string[] order = [.. stages.SelectMany(run => run.Select(stage => stage.Stage)).Distinct()];
        string[][] rows = [.. Ordered(order).Select(stage => stages.Select(run => run.FirstOrDefault(one => one.Stage == stage).Sha256 ?? "").ToArray())];
        return Table("Stages", names, [.. Ordered(order)], rows, hash => hash.Length == 0 ? "–" : hash[..12]);
    }

    // A run with more epochs has batch orders that the first does not have: they come before the weights.
    private static IEnumerable<string> Ordered(string[] stages) => stages.Order(Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b))));

    private static (int, int) Rank(string stage) => stage switch
    {
        "mask" => (0, 0),
        "initial weights" => (1, 0),
        "best weights" => (3, 0),
        "final weights" => (4, 0),
        _ => (2, int.Parse(stage[(stage.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static Html Differences(JsonObject[] runs, string[] names)
    {
        ImmutableArray<DocumentField>[] fields = [.. runs.Select(run => DocumentFields.Of(run).RemoveAll(field => field.Part is not "specification"))];
        string[] order = [.. fields.SelectMany(run => run.Select(field => field.Name)).Distinct()];
        Dictionary<string, string>[] values = [.. fields.Select(run => run.ToDictionary(field => field.Name, field => field.Value))];
        string[] differing = [.. order.Where(name => values.Select(run => run.GetValueOrDefault(name)).Distinct().Count() > 1)];
        string[] same = [.. order.Except(differing)];
        return Html.Of($"""
            {(differing.Length == 0 ? Html.Of($"<p>They are equal.</p>") : Table("Different fields", names, differing, Rows(differing), Shown))}
            <details id="equal"><summary>{NumberFormat.Count(same.Length)} equal fields</summary>{Table("Equal fields", names[..1], same, [.. Rows(same).Select(row => row[..1])], Shown)}</details>
            """);

        string[][] Rows(string[] of) => [.. of.Select(name => values.Select(run => run.GetValueOrDefault(name) ?? "").ToArray())];
        static string Shown(string value) => value.Length == 0 ? "–" : value;
    }

    private static Html Table(string label, string[] names, string[] rows, string[][] values, Func<string, string> show) => Html.Of($"""
        <div class="scroll whole" tabindex="0" role="region" aria-label="{label}"><table class="fields">
        <thead><tr><th scope="col"><span class="visually-hidden">field</span></th>{names.Select(name => Html.Of($"<th scope=\"col\">{name}</th>"))}</tr></thead>
        <tbody>{rows.Zip(values, (row, cells) => Html.Of($"""
            <tr><th scope="row">{row}</th>{cells.Select((cell, i) => Html.Of($"<td{Differs(i > 0 && cell != cells[0])}>{show(cell)}</td>"))}</tr>

            """))}</tbody></table></div>
        """);

    private static Html Differs(bool differs) => differs ? new(" class=\"differs\"") : Html.Empty;
}
