using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>The progress of a command: a bar, the time left, and a square for each replicate of every level and condition.</summary>
internal static class ActiveJobHtml
{
    /// <summary>With more runs than this a cell shows their number instead of a square for each.</summary>
    private const int MostSquares = 2_000;

    /// <summary>The section of a command.</summary>
    public static Html Render(ActiveJob job, StoreSnapshot now)
    {
        Dictionary<string, ActiveRun> underway = now.Underway.ToDictionary(run => run.Id);
        int done = job.Runs.Count(run => now.ById.ContainsKey(run.Id));
        string state = job.OnSlurm && now.Slurm.GetValueOrDefault(job.Name) is { Running: 0, Pending: > 0 } ? "pending" : job.Running ? "running" : job.Runs.Any(run => underway.GetValueOrDefault(run.Id)?.Failure is not null) ? "failed" : "interrupted";
        return Html.Of($"""
            <section class="job" id="job-{job.Name}"><h2>{job.Title}</h2>
            <p class="note"><span class="state {state}">{state}</span> since {PageParts.Time(job.Started)}{StudyLink(job)}</p>
            {(job.OnSlurm ? Html.Of($"<p class=\"note slurm\">{OnSlurm(job, now)}</p>") : Html.Empty)}
            {PageParts.Bar((double)done / job.Runs.Length, $"Runs of {job.Title}", job.Running ? "large" : "large idle")}
            <p><strong>{NumberFormat.Count(done)} of {NumberFormat.Count(job.Runs.Length)} runs</strong>{Speed(job, now, underway)}</p>
            {Levels(job, now, underway)}
            {(job.Running ? Html.Empty : StoppedRunHtml.Resume(job))}
            </section>
            """);
    }

    /// <summary>Seconds until a command ends, at its average speed so far; null if it has none yet or has stopped.</summary>
    public static double? SecondsLeft(ActiveJob job, StoreSnapshot now)
    {
        if (!job.Running) return null;
        Dictionary<string, ActiveRun> underway = now.Running.ToDictionary(run => run.Id);
        double done = 0, left = 0;
        foreach (PlannedRun run in job.Runs)
        {
            if (now.ById.TryGetValue(run.Id, out RunSummary? finished)) done += finished.Ended >= job.Started ? run.Seconds : 0;
            else
            {
                double fraction = underway.TryGetValue(run.Id, out ActiveRun? at) ? (double)at.Step / Math.Max(1, at.Steps) : 0;
                done += fraction * run.Seconds;
                left += (1 - fraction) * run.Seconds;
            }
        }
        double elapsed = (DateTimeOffset.UtcNow - job.Started).TotalSeconds;
        return done > 0 && elapsed > 1 ? left * elapsed / done : null;
    }

    private static string Speed(ActiveJob job, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        double steps = job.Runs.Sum(run => underway.TryGetValue(run.Id, out ActiveRun? at) && at.StepsPerSecond > 0 ? at.StepsPerSecond : 0);
        return (steps > 0 ? $" · {NumberFormat.Count(steps)} steps/s" : "")
            + (SecondsLeft(job, now) is { } left ? $" · about {NumberFormat.Duration(left)} left" : "");
    }

    /// <summary>What Slurm does for a job.</summary>
    private static string OnSlurm(ActiveJob job, StoreSnapshot now) => now.Slurm.GetValueOrDefault(job.Name)?.Line ?? "On Slurm, which is being asked.";

    private static Html StudyLink(ActiveJob job) => job.Study is not { } study ? Html.Empty
        : Html.Of($" · study <a href=\"/charts?study={Uri.EscapeDataString(study)}\">{study}</a>");

    private static Html Levels(ActiveJob job, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        string[] conditions = [.. job.Runs.Select(run => Condition(run)).Distinct()];
        // The dense networks come first and have a column of their own only where nothing else does.
        string[] columns = conditions.Length > 1 ? [.. conditions.Where(condition => condition != "dense")] : conditions;
        return Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Levels of {job.Title}"><table class="levels">
            <thead><tr><th scope="col" class="n">level</th><th scope="col" class="n">density</th>{columns.Select(column => Html.Of($"<th scope=\"col\">{column}</th>"))}</tr></thead>
            <tbody>{job.Runs.GroupBy(run => run.Level).OrderBy(level => level.Key).Select(level => Level(level, columns, job.Runs.Length, now, underway))}</tbody>
            </table></div>
            """);
    }

    private static Html Level(
        IGrouping<int, PlannedRun> level, string[] columns, int runs, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        double? density = level.Select(run => now.ById.GetValueOrDefault(run.Id)?.Density).FirstOrDefault(known => known is not null);
        return Html.Of($"""
            <tr><th scope="row" class="n">{level.Key}</th><td class="n">{(density is { } known ? NumberFormat.Density(known) : "")}</td>{columns.Select((column, i) =>
                Cell([.. level.Where(run => Condition(run) == column || (level.Key == 0 && i == 0))], runs, now, underway))}</tr>

            """);
    }

    private static Html Cell(PlannedRun[] replicates, int runs, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        if (replicates.Length == 0) return Html.Of($"<td></td>");
        double[] accuracies = [.. replicates.Select(run => now.ById.GetValueOrDefault(run.Id)?.Accuracy).OfType<double>()];
        string mean = accuracies.Length == 0 ? "" : NumberFormat.Percent(accuracies.Average());
        if (runs > MostSquares) return Html.Of($"<td><b>{mean}</b> {accuracies.Length} of {replicates.Length}</td>");
        return Html.Of($"<td><b>{mean}</b><span class=\"squares\">{replicates.OrderBy(run => run.Seed).Select(run => Square(run, now, underway))}</span></td>");
    }

    private static Html Square(PlannedRun run, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        (string state, string words, double fraction) = now.ById.TryGetValue(run.Id, out RunSummary? finished)
            ? ("done", $"finished, {NumberFormat.Percent(finished.Accuracy)} %", 1)
            : !underway.TryGetValue(run.Id, out ActiveRun? at) ? ("waiting", "waiting", 0)
            : (at.Running ? "running" : at.Failure is null ? "interrupted" : "failed",
                at.Running ? $"step {NumberFormat.Count(at.Step)} of {NumberFormat.Count(at.Steps)}"
                    : at.Failure switch { null => "interrupted", { IsSkipped: true } => "not trained: a run that it comes from failed", _ => "failed" },
                (double)at.Step / Math.Max(1, at.Steps));
        string label = $"seed {run.Seed}: {words}";
        string fill = $"--progress:{(int)(100 * fraction)}%";
        return state == "waiting"
            ? Html.Of($"<span class=\"square {state}\" title=\"{label}\"><span class=\"visually-hidden\">{label}</span></span>")
            : Html.Of($"<a class=\"square {state}\" href=\"/run/{run.Id}\" title=\"{label}\" style=\"{fill}\"><span class=\"visually-hidden\">{label}</span></a>");
    }

    private static string Condition(PlannedRun run) => run.Condition.Length == 0 ? "dense" : run.Condition;
}
