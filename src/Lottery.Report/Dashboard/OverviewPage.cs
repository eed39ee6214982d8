using System.Collections.Immutable;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>What the store shows: findings, active commands and their runs, the state of the store, stopped runs, and the runs that finished last.</summary>
internal static class OverviewPage
{
    private const int MostRunning = 24, MostStopped = 20, MostOpen = 5, MostSections = 4, Latest = 8, MostIdle = 3;

    /// <summary>With more groups of runs than this the overview has the findings of those that changed last.</summary>
    public const int MostFindings = 24;

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="commands">The commands that it names.</param>
    /// <param name="findings">The findings, the newest first.</param>
    /// <param name="space">The space that the store takes.</param>
    public static DashboardPage Create(StoreSnapshot now, StoreCommands commands, ImmutableArray<GroupFinding> findings, StoreSpace space)
    {
        return new("Overview", Html.Of($"""
            {(now.Runs.IsEmpty && now.Underway.IsEmpty ? Nothing(commands) : Html.Empty)}
            {Found(findings)}
            {now.ActiveJobs.Where(job => job.Running).Select(job => ActiveJobHtml.Render(job, now))}
            {CardsHtml.Render(now)}
            {Running(now)}
            {Facts(now, space)}
            {now.ActiveJobs.Where(job => !job.Running).Take(MostIdle).Select(job => ActiveJobHtml.Render(job, now))}
            {PageParts.Damage(now)}
            {Failed(now, commands)}
            {Interrupted(now, commands)}
            {LatestRuns(now)}
            """));
    }

    private static Html Found(ImmutableArray<GroupFinding> findings)
    {
        if (findings.IsEmpty) return Html.Empty;
        Html rest = findings.Length <= MostOpen ? Html.Empty : Html.Of($"""
            <details id="more-findings"><summary>{NumberFormat.Count(findings.Length - MostOpen)} more</summary><ul class="findings">{findings.Skip(MostOpen).Select(Finding)}</ul></details>
            """);
        return Html.Of($"""
            <section id="findings"><h2>Findings</h2>
            <ul class="findings">{findings.Take(MostOpen).Select(Finding)}</ul>
            {rest}</section>
            """);
    }

    private static Html Finding(GroupFinding finding)
    {
        RunGroup group = finding.Group;
        string runs = group.Planned > group.Runs.Length
            ? $"{NumberFormat.Count(group.Runs.Length)} of {NumberFormat.Count(group.Planned)} runs finished" : NumberFormat.Counted(group.Runs.Length, "run");
        return Html.Of($"""
            <li><h3><a href="{group.Address}">{group.Name}</a></h3>
            {(finding.Sentences is { } sentences ? Sentences(sentences) : Html.Of($"<p class=\"note\">Its finding is being computed.</p>"))}
            <p class="note">{(group.Study is null ? "runs of no study" : "study")} · {runs} · the last ended {PageParts.Time(group.Ended)}</p></li>

            """);
    }

    private static Html Sentences(ImmutableArray<(string Section, string Sentence)> sentences) => Html.Of($"""
        {sentences.Take(MostSections).Select(one => sentences.Length == 1
            ? Html.Of($"<p>{one.Sentence}</p>") : Html.Of($"<p><b>{one.Section}:</b> {one.Sentence}</p>"))}{More(sentences.Length - MostSections)}
        """);

    private static Html Facts(StoreSnapshot now, StoreSpace space)
    {
        double? left = now.ActiveJobs.Where(job => job.Running).Select(job => ActiveJobHtml.SecondsLeft(job, now)).Max();
        return Html.Of($"""
            <section id="store"><h2>Runs and store</h2>
            {PageParts.Facts(
            [
                ("finished", Html.Of($"<a href=\"/runs\">{NumberFormat.Count(now.Runs.Length)}</a>")),
                ("running", Count(now.Running.Count(), "running")),
                ("interrupted", Count(now.Interrupted.Count(), "interrupted")),
                ("failed", Count(now.Failed.Count(), "failed")),
                .. now.StepsPerSecond > 0 ? [("steps a second", PageParts.Text(NumberFormat.Count(now.StepsPerSecond)))] : ((string, Html)[])[],
                .. left is { } seconds ? [("time left", PageParts.Text($"about {NumberFormat.Duration(seconds)}"))] : ((string, Html)[])[],
                ("size of the store", PageParts.Text(space.Used is { } used ? NumberFormat.Size(used) : "–")),
                ("disk space left", PageParts.Text(space.Free is { } free ? NumberFormat.Size(free) : "–")),
                ("last activity", PageParts.Text(now.Running.Any() ? "now" : now.LastActivity is { } last ? PageParts.Time(last) : "–")),
            ])}</section>
            """);
    }

    private static Html Count(int count, string section) =>
        count == 0 ? Html.Of($"0") : Html.Of($"<a href=\"#{section}\">{NumberFormat.Count(count)}</a>");

    private static Html Nothing(StoreCommands commands) => Html.Of($"""
        <section id="nothing"><h2>No runs yet</h2>
        <p>There are no runs in {commands.Store}. This page shows runs as soon as a command starts, for example</p>
        {CommandHtml.Render(commands.Quickstart)}</section>
        """);

    private static Html Running(StoreSnapshot now)
    {
        ActiveRun[] runs = [.. now.Running];
        if (runs.Length == 0) return Html.Empty;
        return Html.Of($"""
            <section id="running"><h2>Running</h2>
            <ul class="cards">{runs.Take(MostRunning).Select(run => Card(run, now))}</ul>
            {More(runs.Length - MostRunning)}</section>
            """);
    }

    private static Html Card(ActiveRun run, StoreSnapshot now) => Html.Of($"""
        <li class="card" id="run-{run.Id}">
        <p class="run-name"><a href="/run/{run.Id}">{PageParts.Name(run)}</a></p>
        <p class="note">{run.Network} on {run.Data}{(now.NodeOf(run.Id) is { } node ? $" · node {node}" : "")}{(now.CardOf(run.Id) is { } card ? $" · on {card.Name}" : "")}</p>
        {PageParts.Spark(run)}
        {PageParts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {PageParts.Name(run)}")}
        <p class="note">{PageParts.Progress(run)}</p>
        </li>
        """);

    /// <summary>The failed runs; those that failed alike, as replicates that diverge, are one entry.</summary>
    private static Html Failed(StoreSnapshot now, StoreCommands commands)
    {
        ActiveRun[][] failures =
        [
            .. now.Failed.OrderByDescending(run => run.Failure!.At)
                .GroupBy(run => (run.Failure!.Reason, StoppedRunHtml.FindJob(run, now)?.Name)).Select(alike => alike.ToArray()),
        ];
        return failures.Length == 0 ? Html.Empty : Html.Of($"""
            <section id="failed"><h2>Failed</h2><p class="note">The same command tries them once more, from their last checkpoints.</p>
            <ul class="stopped failed">{failures.Take(MostStopped).Select(alike => Failure(alike, now, commands))}</ul>
            {More(failures.Length - MostStopped)}</section>
            """);
    }

    private static Html Failure(ActiveRun[] runs, StoreSnapshot now, StoreCommands commands) => Html.Of($"""
        <li id="run-{runs[0].Id}">{StoppedRunHtml.Reason(runs[0])}
        <ul class="plain">{runs.Take(MostStopped).Select(run => Html.Of($"<li><a class=\"run-name\" href=\"/run/{run.Id}\">{PageParts.Name(run)}</a> <span class=\"note\">{run.Network} on {run.Data} · {PageParts.Progress(run)}</span></li>"))}</ul>
        {More(runs.Length - MostStopped)}
        {Commands(runs, now, commands)}</li>

        """);

    private static Html Interrupted(StoreSnapshot now, StoreCommands commands)
    {
        ActiveRun[] runs = [.. now.Interrupted.OrderByDescending(run => run.Started)];
        return runs.Length == 0 ? Html.Empty : Html.Of($"""
            <section id="interrupted"><h2>Interrupted</h2>
            <p class="note">Their process stopped or was killed. The same command resumes them from their last checkpoints.</p>
            <ul class="stopped interrupted">{runs.Take(MostStopped).Select(run => Line(run, now, commands))}</ul>
            {More(runs.Length - MostStopped)}</section>
            """);
    }

    private static Html Line(ActiveRun run, StoreSnapshot now, StoreCommands commands) => Html.Of($"""
        <li id="run-{run.Id}"><p class="run-name"><a href="/run/{run.Id}">{PageParts.Name(run)}</a> <span class="note">{run.Network} on {run.Data} · started {PageParts.Time(run.Started)}</span></p>
        {PageParts.Bar((double)run.Step / Math.Max(1, run.Steps), $"Steps of {PageParts.Name(run)}", "idle")}
        <p class="note">{PageParts.Progress(run)}</p>
        {Commands([run], now, commands)}</li>

        """);

    private static Html Commands(ActiveRun[] runs, StoreSnapshot now, StoreCommands commands) => Html.Of($"""
        <details id="commands-{runs[0].Id}"><summary>Resume or discard<span class="visually-hidden"> {PageParts.Name(runs[0])}</span></summary>{StoppedRunHtml.Commands(runs, now, commands)}</details>
        """);

    private static Html More(int more) => more <= 0 ? Html.Empty : Html.Of($"<p class=\"note\">and {NumberFormat.Count(more)} more</p>");

    private static Html LatestRuns(StoreSnapshot now) => now.Runs.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="latest"><h2>Finished last</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Runs that were finished last">{RunRows.RenderTable([.. now.Runs.OrderByDescending(run => run.Ended).Take(Latest)], RunColumns.Choose([], ["network", "data"]))}</div>
        <p><a href="/runs">All {NumberFormat.Counted(now.Runs.Length, "run")}</a></p></section>
        """);
}

/// <summary>The space that a store takes.</summary>
/// <param name="Used">The bytes of its files; null if they are not counted yet.</param>
/// <param name="Free">The bytes that are free where it is; null if the system does not say.</param>
internal sealed record StoreSpace(long? Used, long? Free);
