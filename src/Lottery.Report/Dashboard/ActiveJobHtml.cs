using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>How far a command is: a bar, the time left, and every replicate of every level and condition as a square.</summary>
internal static class ActiveJobHtml
{
    /// <summary>Above this a cell shows how many there are, not each of them.</summary>
    private const int MostSquares = 2_000;

    /// <summary>The section of a command.</summary>
    public static Html Of(ActiveJob work, StoreSnapshot now)
    {
        Dictionary<string, ActiveRun> underway = now.Underway.ToDictionary(run => run.Id);
        int done = work.Runs.Count(run => now.ById.ContainsKey(run.Id));
        string state = work.Running ? "under way" : work.Runs.Any(run => underway.GetValueOrDefault(run.Id)?.Failure is not null) ? "failed" : "interrupted";
        return Html.Of($"""
            <section class="work" id="work-{work.Name}"><h2>{work.Title}</h2>
            <p class="note"><span class="state {state.Replace(' ', '-')}">{state}</span> since {PageParts.Moment(work.Started)}{StudyLink(work)}</p>
            {PageParts.Bar((double)done / work.Runs.Length, $"Runs of {work.Title}", work.Running ? "large" : "large idle")}
            <p><strong>{NumberFormat.Count(done)} of {NumberFormat.Count(work.Runs.Length)} runs</strong>{Pace(work, now, underway)}</p>
            {Levels(work, now, underway)}
            </section>
            """);
    }

    /// <summary>Seconds to the end by the pace since the command started; null before there is any, or when it has stopped.</summary>
    public static double? SecondsLeft(ActiveJob work, StoreSnapshot now)
    {
        if (!work.Running) return null;
        Dictionary<string, ActiveRun> underway = now.Running.ToDictionary(run => run.Id);
        double since = 0, left = 0;
        foreach (PlannedRun run in work.Runs)
        {
            if (now.ById.TryGetValue(run.Id, out RunSummary? finished)) since += finished.Ended >= work.Started ? run.Seconds : 0;
            else
            {
                double share = underway.TryGetValue(run.Id, out ActiveRun? at) ? (double)at.Step / Math.Max(1, at.Steps) : 0;
                since += share * run.Seconds;
                left += (1 - share) * run.Seconds;
            }
        }
        double elapsed = (DateTimeOffset.UtcNow - work.Started).TotalSeconds;
        return since > 0 && elapsed > 1 ? left * elapsed / since : null;
    }

    private static string Pace(ActiveJob work, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        double steps = work.Runs.Sum(run => underway.TryGetValue(run.Id, out ActiveRun? at) && at.StepsPerSecond > 0 ? at.StepsPerSecond : 0);
        return (steps > 0 ? $" · {NumberFormat.Count(steps)} steps/s" : "")
            + (SecondsLeft(work, now) is { } left ? $" · about {NumberFormat.Duration(left)} left" : "");
    }

    private static Html StudyLink(ActiveJob work) => work.Study is not { } study ? Html.Empty
        : Html.Of($" · study <a href=\"/charts?study={Uri.EscapeDataString(study)}\">{study}</a>");

    private static Html Levels(ActiveJob work, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        string[] conditions = [.. work.Runs.Select(run => Condition(run)).Distinct()];
        // The dense networks come first and have a column of their own only where nothing else does.
        string[] columns = conditions.Length > 1 ? [.. conditions.Where(condition => condition != "dense")] : conditions;
        return Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Levels of {work.Title}"><table class="levels">
            <thead><tr><th scope="col" class="n">level</th><th scope="col" class="n">density</th>{columns.Select(column => Html.Of($"<th scope=\"col\">{column}</th>"))}</tr></thead>
            <tbody>{work.Runs.GroupBy(run => run.Level).OrderBy(level => level.Key).Select(level => Level(level, columns, work.Runs.Length, now, underway))}</tbody>
            </table></div>
            """);
    }

    private static Html Level(
        IGrouping<int, PlannedRun> level, string[] columns, int runs, StoreSnapshot now, Dictionary<string, ActiveRun> underway)
    {
        double? density = level.Select(run => now.ById.GetValueOrDefault(run.Id)?.Density).FirstOrDefault(share => share is not null);
        return Html.Of($"""
            <tr><th scope="row" class="n">{level.Key}</th><td class="n">{(density is { } share ? NumberFormat.Density(share) : "")}</td>{columns.Select((column, i) =>
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
        (string state, string words, double share) = now.ById.TryGetValue(run.Id, out RunSummary? finished)
            ? ("done", $"finished, {NumberFormat.Percent(finished.Accuracy)} %", 1)
            : !underway.TryGetValue(run.Id, out ActiveRun? at) ? ("waiting", "waiting", 0)
            : (at.Running ? "running" : at.Failure is null ? "stopped" : "broken",
                at.Running ? $"step {NumberFormat.Count(at.Step)} of {NumberFormat.Count(at.Steps)}" : at.Failure is null ? "interrupted" : "failed",
                (double)at.Step / Math.Max(1, at.Steps));
        string told = $"seed {run.Seed}: {words}";
        string fill = $"--share:{(int)(100 * share)}%";
        return state == "waiting"
            ? Html.Of($"<span class=\"square {state}\" title=\"{told}\"><span class=\"unseen\">{told}</span></span>")
            : Html.Of($"<a class=\"square {state}\" href=\"/run/{run.Id}\" title=\"{told}\" style=\"{fill}\"><span class=\"unseen\">{told}</span></a>");
    }

    private static string Condition(PlannedRun run) => run.Condition.Length == 0 ? "dense" : run.Condition;
}
