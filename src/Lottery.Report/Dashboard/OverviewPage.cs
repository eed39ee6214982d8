using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>What is going on: commands and their runs, what went wrong, what was finished last.</summary>
internal static class OverviewPage
{
    private const int MostRunning = 24, MostStopped = 20, Latest = 8, MostIdle = 3;

    /// <summary>The page.</summary>
    public static DashboardPage Of(Snapshot now, RunStore store)
    {
        ActiveJob[] works =
        [
            .. now.ActiveJobs.Where(work => work.Running), .. now.ActiveJobs.Where(work => !work.Running).Take(MostIdle),
        ];
        return new("Overview", Html.Of($"""
            {Facts(now)}
            {(now.Runs.IsEmpty && now.Underway.IsEmpty ? Nothing(store) : Html.Empty)}
            {Warnings(now)}
            {works.Select(work => WorkView.Of(work, now))}
            {Running(now)}
            {Stopped("Failed", "failed", [.. now.Failed])}
            {Stopped("Interrupted", "interrupted", [.. now.Interrupted])}
            {LatestRuns(now)}
            """));
    }

    private static Html Facts(Snapshot now)
    {
        double? left = now.ActiveJobs.Where(work => work.Running).Select(work => WorkView.SecondsLeft(work, now)).Max();
        return Parts.Facts(
            ("finished", Parts.Text(Figures.Count(now.Runs.Length))),
            ("under way", Parts.Text(Figures.Count(now.Running.Count()))),
            ("interrupted", Parts.Text(Figures.Count(now.Interrupted.Count()))),
            ("failed", Parts.Text(Figures.Count(now.Failed.Count()))),
            ("steps a second", Parts.Text(now.StepsPerSecond > 0 ? Figures.Count(now.StepsPerSecond) : "–")),
            ("time left", Parts.Text(left is { } seconds ? $"about {Figures.Duration(seconds)}" : "–")));
    }

    private static Html Nothing(RunStore store) => Html.Of($"""
        <section id="nothing"><h2>Nothing here yet</h2>
        <p>There are no runs in {store.Paths.Root}. This page shows them as soon as a command begins, for example</p>
        <pre tabindex="0">lottery quickstart --store {store.Paths.Root}</pre></section>
        """);

    private static Html Warnings(Snapshot now) => now.Warnings.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="damaged"><h2>Damaged</h2><ul class="plain">{now.Warnings.Select(sentence => Html.Of($"<li>{sentence}</li>"))}</ul></section>
        """);

    private static Html Running(Snapshot now)
    {
        RunUnderway[] runs = [.. now.Running];
        if (runs.Length == 0) return Html.Empty;
        return Html.Of($"""
            <section id="running"><h2>Under way</h2>
            <ul class="cards">{runs.Take(MostRunning).Select(Card)}</ul>
            {More(runs.Length - MostRunning)}</section>
            """);
    }

    private static Html Card(RunUnderway run) => Html.Of($"""
        <li class="card" id="run-{run.Id}">
        <p class="what"><a href="/run/{run.Id}">{Parts.Name(run)}</a></p>
        <p class="note">{run.Network} on {run.Data}</p>
        {Parts.Spark(run)}
        {Parts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {Parts.Name(run)}")}
        <p class="note">{Parts.Progress(run)}</p>
        </li>
        """);

    private static Html Stopped(string title, string kind, RunUnderway[] runs)
    {
        if (runs.Length == 0) return Html.Empty;
        string note = kind == "failed"
            ? "The next attempt at a run begins where its last checkpoint is."
            : "Their process stopped or was killed. The same command goes on from the last checkpoint.";
        return Html.Of($"""
            <section id="{kind}"><h2>{title}</h2><p class="note">{note}</p>
            <ul class="stopped {kind}">{runs.OrderByDescending(run => run.Started).Take(MostStopped).Select(Line)}</ul>
            {More(runs.Length - MostStopped)}</section>
            """);
    }

    private static Html Line(RunUnderway run) => Html.Of($"""
        <li id="run-{run.Id}"><p class="what"><a href="/run/{run.Id}">{Parts.Name(run)}</a> <span class="note">{run.Network} on {run.Data}</span></p>
        {(run.Failure is { } failure ? Html.Of($"<p class=\"reason\">{failure.Reason}</p>") : Html.Empty)}
        {Parts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {Parts.Name(run)}", "idle")}
        <p class="note">{Parts.Progress(run)}</p></li>
        """);

    private static Html More(int more) => more <= 0 ? Html.Empty : Html.Of($"<p class=\"note\">and {Figures.Count(more)} more</p>");

    private static Html LatestRuns(Snapshot now) => now.Runs.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="latest"><h2>Finished last</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Runs that were finished last">{RunTable.Of([.. now.Runs.OrderByDescending(run => run.Ended).Take(Latest)])}</div>
        <p><a href="/runs">All {Figures.Count(now.Runs.Length)} runs</a></p></section>
        """);
}
