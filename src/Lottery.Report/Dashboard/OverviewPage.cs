using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>Active commands and their runs, failed and interrupted runs, and the runs that finished last.</summary>
internal static class OverviewPage
{
    private const int MostRunning = 24, MostStopped = 20, Latest = 8, MostIdle = 3;

    /// <summary>The page.</summary>
    public static DashboardPage Create(StoreSnapshot now, RunStore store)
    {
        ActiveJob[] jobs =
        [
            .. now.ActiveJobs.Where(job => job.Running), .. now.ActiveJobs.Where(job => !job.Running).Take(MostIdle),
        ];
        return new("Overview", Html.Of($"""
            {Facts(now)}
            {(now.Runs.IsEmpty && now.Underway.IsEmpty ? Nothing(store) : Html.Empty)}
            {Warnings(now)}
            {jobs.Select(job => ActiveJobHtml.Render(job, now))}
            {Running(now)}
            {Stopped("Failed", "failed", [.. now.Failed])}
            {Stopped("Interrupted", "interrupted", [.. now.Interrupted])}
            {LatestRuns(now)}
            """));
    }

    private static Html Facts(StoreSnapshot now)
    {
        double? left = now.ActiveJobs.Where(job => job.Running).Select(job => ActiveJobHtml.SecondsLeft(job, now)).Max();
        return PageParts.Facts(
            ("finished", PageParts.Text(NumberFormat.Count(now.Runs.Length))),
            ("under way", PageParts.Text(NumberFormat.Count(now.Running.Count()))),
            ("interrupted", PageParts.Text(NumberFormat.Count(now.Interrupted.Count()))),
            ("failed", PageParts.Text(NumberFormat.Count(now.Failed.Count()))),
            ("steps a second", PageParts.Text(now.StepsPerSecond > 0 ? NumberFormat.Count(now.StepsPerSecond) : "–")),
            ("time left", PageParts.Text(left is { } seconds ? $"about {NumberFormat.Duration(seconds)}" : "–")));
    }

    private static Html Nothing(RunStore store) => Html.Of($"""
        <section id="nothing"><h2>No runs yet</h2>
        <p>There are no runs in {store.Paths.Root}. This page shows runs as soon as a command starts, for example</p>
        <pre tabindex="0">lottery quickstart --store {store.Paths.Root}</pre></section>
        """);

    private static Html Warnings(StoreSnapshot now) => now.Warnings.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="damaged"><h2>Damaged</h2><ul class="plain">{now.Warnings.Select(sentence => Html.Of($"<li>{sentence}</li>"))}</ul></section>
        """);

    private static Html Running(StoreSnapshot now)
    {
        ActiveRun[] runs = [.. now.Running];
        if (runs.Length == 0) return Html.Empty;
        return Html.Of($"""
            <section id="running"><h2>Under way</h2>
            <ul class="cards">{runs.Take(MostRunning).Select(Card)}</ul>
            {More(runs.Length - MostRunning)}</section>
            """);
    }

    private static Html Card(ActiveRun run) => Html.Of($"""
        <li class="card" id="run-{run.Id}">
        <p class="run-name"><a href="/run/{run.Id}">{PageParts.Name(run)}</a></p>
        <p class="note">{run.Network} on {run.Data}</p>
        {PageParts.Spark(run)}
        {PageParts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {PageParts.Name(run)}")}
        <p class="note">{PageParts.Progress(run)}</p>
        </li>
        """);

    private static Html Stopped(string title, string kind, ActiveRun[] runs)
    {
        if (runs.Length == 0) return Html.Empty;
        string note = kind == "failed"
            ? "The next attempt at a run resumes from its last checkpoint."
            : "Their process stopped or was killed. The same command resumes from the last checkpoint.";
        return Html.Of($"""
            <section id="{kind}"><h2>{title}</h2><p class="note">{note}</p>
            <ul class="stopped {kind}">{runs.OrderByDescending(run => run.Started).Take(MostStopped).Select(Line)}</ul>
            {More(runs.Length - MostStopped)}</section>
            """);
    }

    private static Html Line(ActiveRun run) => Html.Of($"""
        <li id="run-{run.Id}"><p class="run-name"><a href="/run/{run.Id}">{PageParts.Name(run)}</a> <span class="note">{run.Network} on {run.Data}</span></p>
        {(run.Failure is { } failure ? Html.Of($"<p class=\"reason\">{failure.Reason}</p>") : Html.Empty)}
        {PageParts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {PageParts.Name(run)}", "idle")}
        <p class="note">{PageParts.Progress(run)}</p></li>
        """);

    private static Html More(int more) => more <= 0 ? Html.Empty : Html.Of($"<p class=\"note\">and {NumberFormat.Count(more)} more</p>");

    private static Html LatestRuns(StoreSnapshot now) => now.Runs.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="latest"><h2>Finished last</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Runs that were finished last">{RunRows.RenderTable([.. now.Runs.OrderByDescending(run => run.Ended).Take(Latest)])}</div>
        <p><a href="/runs">All {NumberFormat.Count(now.Runs.Length)} runs</a></p></section>
        """);
}
