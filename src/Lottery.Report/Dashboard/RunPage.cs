using System.Collections.Immutable;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>All of one run: how far it is or what came out, its curves, its specification, where it came from.</summary>
internal static class RunPage
{
    private const int MostChildren = 30;

    /// <summary>The page; null where the store has no such run.</summary>
    public static DashboardPage? Of(Snapshot now, StoreWatch watch, string id)
    {
        if (now.ById.TryGetValue(id, out RunRecord? finished)) return Finished(now, watch.Store, finished);
        return now.Underway.FirstOrDefault(run => run.Id == id) is { } underway ? Underway(watch.Store, underway) : null;
    }

    private static DashboardPage Finished(Snapshot now, RunStore store, RunRecord run)
    {
        RunDocument document = store.Show(run.Id);
        string name = run.Level == 0 ? "dense" : run.Control == "none" ? "ticket" : run.Control;
        return new($"{name}, level {run.Level}, seed {run.Seed}", Html.Of($"""
            <p class="note">{run.Network} on {run.Data} · <span class="state done">finished</span> {Parts.Moment(run.Ended)} · <span class="id">{run.Id}</span></p>
            {Parts.Facts(
                ("test accuracy", Parts.Text($"{Figures.Percent(run.Accuracy)} %")),
                ("at its last step", Parts.Text($"{Figures.Percent(run.FinalAccuracy)} %")),
                ("density", Parts.Text(Figures.Density(run.Density))),
                ("weights kept", Parts.Text($"{Figures.Count(run.Kept)} of {Figures.Count(run.Weights)}")),
                ("stops at step", Parts.Text($"{Figures.Count(run.EarlyStopStep)} of {Figures.Count(run.Steps)}")),
                ("time", Parts.Text(Figures.Duration(run.TotalSeconds))))}
            {FiguresOf(store, run.Id, run.Steps)}
            {Family(now, run)}
            {Specification(RunFields.Of(document))}
            """)) { FollowsProgress = false, HasFigures = true };
    }

    private static DashboardPage Underway(RunStore store, RunUnderway run)
    {
        (string state, string words) = run.Running ? ("under-way", "under way") : run.Failure is null ? ("interrupted", "interrupted") : ("failed", "failed");
        return new(Parts.Name(run), Html.Of($"""
            <p class="note">{run.Network} on {run.Data} · <span class="state {state}">{words}</span> begun {Parts.Moment(run.Started)} · <span class="id">{run.Id}</span></p>
            {(run.Failure is { } failure ? Html.Of($"<p class=\"reason\">{failure.Reason}</p>") : Html.Empty)}
            {Parts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {Parts.Name(run)}", run.Running ? "large" : "large idle")}
            <p>{Parts.Progress(run)}</p>
            {FiguresOf(store, run.Id, run.Steps)}
            {(run.Parent is { } parent ? Html.Of($"<p>It comes from {Parts.Run(parent)}.</p>") : Html.Empty)}
            """)) { HasFigures = true };
    }

    private static Html FiguresOf(RunStore store, string id, int steps)
    {
        Html[] figures = [.. Curves.Of([("this run", store.Evaluations(id))], steps).Select(figure => FigureHtml.Of(figure, figure.Key, Html.Empty))];
        return figures.Length == 0 ? Html.Empty : Html.Of($"<section id=\"curves\"><h2>Curves</h2>{figures}</section>");
    }

    private static Html Family(Snapshot now, RunRecord run)
    {
        RunRecord[] children = [.. now.Runs.Where(other => other.Parent == run.Id || other.Ticket == run.Id)];
        Html[] lines =
        [
            .. run.Parent is { } parent ? [Html.Of($"<li>its mask comes from {Parts.Run(parent)} {Compare(run.Id, parent)}</li>")] : (Html[])[],
            .. run.Ticket is { } ticket ? [Html.Of($"<li>it is held against the ticket {Parts.Run(ticket)} {Compare(run.Id, ticket)}</li>")] : (Html[])[],
            .. children.Take(MostChildren).Select(child => Html.Of($"<li>{Parts.Run(child.Id)}, {Told(child)}, comes from it</li>")),
            .. children.Length > MostChildren ? [Html.Of($"<li>and {Figures.Count(children.Length - MostChildren)} more</li>")] : (Html[])[],
        ];
        return lines.Length == 0 ? Html.Empty : Html.Of($"<section id=\"family\"><h2>Comes from, leads to</h2><ul class=\"plain\">{lines}</ul></section>");
    }

    private static string Told(RunRecord run) =>
        $"level {run.Level}, {(run.Control == "none" ? run.Criterion : run.Control)}, {Figures.Percent(run.Accuracy)} %";

    private static Html Compare(string one, string other) => Html.Of($"(<a href=\"/compare?run={one}&amp;run={other}\">compare</a>)");

    private static Html Specification(ImmutableArray<RunField> fields) => Html.Of($"""
        <section id="specification"><h2>Specification and what came of it</h2>
        <div class="scroll whole" tabindex="0" role="region" aria-label="Specification">{fields.GroupBy(field => field.Part).Select(part => Html.Of($"""
            <h3>{part.Key}</h3><table class="fields"><tbody>{part.Select(field => Html.Of($"<tr><th scope=\"row\">{field.Name}</th><td>{field.Value}</td></tr>\n"))}</tbody></table>
            """))}</div></section>
        """);
}
