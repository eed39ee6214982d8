using System.Collections.Immutable;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>One run: its progress or its results, its curves, its specification, and related runs.</summary>
internal static class RunPage
{
    private const int MostChildren = 30;

    /// <summary>The page; null if the store has no such run.</summary>
    /// <param name="now">The store's content.</param>
    /// <param name="store">The store.</param>
    /// <param name="commands">The commands that the page names.</param>
    /// <param name="id">The full id.</param>
    public static DashboardPage? Create(StoreSnapshot now, RunStore store, StoreCommands commands, string id)
    {
        if (now.ById.TryGetValue(id, out RunSummary? finished)) return Finished(now, store, commands, finished);
        return now.Underway.FirstOrDefault(run => run.Id == id) is { } underway ? Underway(now, store, commands, underway) : null;
    }

    private static DashboardPage Finished(StoreSnapshot now, RunStore store, StoreCommands commands, RunSummary run)
    {
        return new($"{RunLabel.Title(run)}, level {run.Level}, seed {run.Seed}", Html.Of($"""
            <p class="note">{run.Network} on {run.Data} · <span class="state done">finished</span> {PageParts.Time(run.Ended)} · <span class="id">{run.Id}</span></p>
            {PageParts.Facts(
                ("test accuracy", PageParts.Text($"{NumberFormat.Percent(run.Accuracy)} %")),
                ("at the last step", PageParts.Text($"{NumberFormat.Percent(run.FinalAccuracy)} %")),
                ("density", PageParts.Text(NumberFormat.Density(run.Density))),
                ("weights kept", PageParts.Text($"{NumberFormat.Count(run.Kept)} of {NumberFormat.Count(run.Weights)}")),
                ("early-stopping step", PageParts.Text($"{NumberFormat.Count(run.EarlyStopStep)} of {NumberFormat.Count(run.Steps)}")),
                ("time", PageParts.Text(NumberFormat.Duration(run.Metrics.TotalSeconds))))}
            {ChartsOf(store, run.Id, run.Steps, run.Steps > 0 ? run.EarlyStopStep : null)}
            {Family(now, run)}
            {Repeat(run, commands)}
            {PageParts.Readable(() => Specification(DocumentFields.Of(store.Document(run.Id))))}
            """)) { FollowsProgress = false, HasCharts = true };
    }

    private static DashboardPage Underway(StoreSnapshot now, RunStore store, StoreCommands commands, ActiveRun run)
    {
        string state = run.Running ? "running" : run.Failure is null ? "interrupted" : "failed";
        return new(PageParts.Name(run), Html.Of($"""
            <p class="note">{run.Network} on {run.Data} · <span class="state {state}">{state}</span> started {PageParts.Time(run.Started)} · <span class="id">{run.Id}</span></p>
            {StoppedRunHtml.Reason(run)}
            {PageParts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {PageParts.Name(run)}", run.Running ? "large" : "large idle")}
            <p>{PageParts.Progress(run)}</p>
            {(run.Running ? Html.Empty : Html.Of($"<section id=\"commands\"><h2>Resume or discard</h2>{StoppedRunHtml.Commands([run], now, commands)}</section>"))}
            {ChartsOf(store, run.Id, run.Steps, null)}
            {(run.Parent is { } parent ? Html.Of($"<p>Its mask is pruned from {PageParts.Run(parent)}.</p>") : Html.Empty)}
            """)) { HasCharts = true };
    }

    private static Html ChartsOf(RunStore store, string id, int steps, int? earlyStop) => PageParts.Readable(() =>
    {
        RunCurve[] curves = [new("this run", [new(store.Evaluations(id), earlyStop)])];
        Html[] charts = [.. RunCurves.Create(curves, steps).Select(chart => ChartHtml.Render(chart, chart.Key, Html.Empty))];
        return charts.Length == 0 ? Html.Empty : Html.Of($"<section id=\"curves\"><h2>Curves</h2>{charts}</section>");
    });

    private static Html Repeat(RunSummary run, StoreCommands commands) => Html.Of($"""
        <section id="repeat"><h2>Repeat it</h2>
        {(commands.Repeat(run) is { } command
            ? Html.Of($"<p class=\"note\">In a new store, this trains the run and those that it comes from once more, to the same bits:</p>{CommandHtml.Render(command)}")
            : Html.Of($"<p class=\"note\">No command states this run: write a study file from its specification.</p>"))}</section>
        """);

    private static Html Family(StoreSnapshot now, RunSummary run)
    {
        RunSummary[] children = [.. now.Runs.Where(other => other.Parent == run.Id || other.Ticket == run.Id)];
        Html[] lines =
        [
            .. run.Parent is { } parent ? [Html.Of($"<li>its mask is pruned from {PageParts.Run(parent)} {Compare(run.Id, parent)}</li>")] : (Html[])[],
            .. run.Ticket is { } ticket ? [Html.Of($"<li>it is the control of the ticket {PageParts.Run(ticket)} {Compare(run.Id, ticket)}</li>")] : (Html[])[],
            .. children.Take(MostChildren).Select(child => Html.Of($"<li>{PageParts.Run(child.Id)}, {Describe(child)}, is pruned from it or its control</li>")),
            .. children.Length > MostChildren ? [Html.Of($"<li>and {NumberFormat.Count(children.Length - MostChildren)} more</li>")] : (Html[])[],
        ];
        return lines.Length == 0 ? Html.Empty : Html.Of($"<section id=\"family\"><h2>Related runs</h2><ul class=\"plain\">{lines}</ul></section>");
    }

    private static string Describe(RunSummary run) =>
        $"level {run.Level}, {(run.Control == Control.None ? run.Criterion : KebabCase.Of(run.Control))}, {NumberFormat.Percent(run.Accuracy)} %";

    private static Html Compare(string one, string other) => Html.Of($"(<a href=\"/compare?run={one}&amp;run={other}\">compare</a>)");

    private static Html Specification(ImmutableArray<DocumentField> fields) => Html.Of($"""
        <section id="specification"><h2>Specification and results</h2>
        <div class="scroll whole" tabindex="0" role="region" aria-label="Specification">{fields.GroupBy(field => field.Part).Select(part => Html.Of($"""
            <h3>{part.Key}</h3><table class="fields"><tbody>{part.Select(field => Html.Of($"<tr><th scope=\"row\">{PageParts.Path(field.Name)}</th><td>{field.Value}</td></tr>\n"))}</tbody></table>
            """))}</div></section>
        """);
}
