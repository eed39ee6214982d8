using Lottery.Cli.Output;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Searches;

/// <summary>A line for each finished run, for output that is not a terminal.</summary>
internal static class PlainView
{
    private const int Milliseconds = 100;
    private static readonly string[] s_usual = ["large-final", "rewind", "zero", "iterative"];

    /// <summary>Shows <paramref name="progress"/> until <paramref name="work"/> ends, however it does.</summary>
    public static void Follow(SearchProgress progress, Task work, Terminal terminal)
    {
        int shown = 0, resumed = 0, failed = 0;
        bool ended;
        do
        {
            ended = Task.WaitAny([work], Milliseconds) == 0 || terminal.Interruption.IsOverdue;
            SearchProgress.Snapshot now = progress.Now();
            foreach (RunProgress run in now.Resumed[resumed..]) terminal.Say(Resumes(run));
            resumed = now.Resumed.Length;
            foreach (SearchProgress.Failure run in now.Failed[failed..]) if (run.Reason is not null && progress.Plan.Length > 1) terminal.Say(Fails(run));
            failed = now.Failed.Length;
            foreach (string line in Lines(now, shown, progress.Plan.Length)) terminal.Say(line);
            shown = now.Finished.Length;
        }
        while (!ended);
    }

    /// <summary>The lines of the runs that were trained since <paramref name="shown"/> had finished.</summary>
    internal static IEnumerable<string> Lines(SearchProgress.Snapshot now, int shown, int planned)
    {
        for (int i = shown; i < now.Finished.Length; i++)
        {
            bool newest = i == now.Finished.Length - 1;
            string left = newest && i < planned - 1 && now.SecondsLeft is { } seconds ? $"; {SearchSummary.About(seconds)} left" : "";
            yield return $"[{i + 1}/{planned}] {Line(now.Finished[i])}{left}";
        }
    }

    private static string Line(SearchProgress.Done run) =>
        $"seed {run.Run.Seed}, {NumberFormat.Density(run.Density)}, {What(run.Run)}: "
        + $"{NumberFormat.Percent(run.Accuracy)} % at step {NumberFormat.Count(run.EarlyStopStep)}";

    /// <summary>The line of a run that an earlier search did not finish.</summary>
    internal static string Resumes(RunProgress run) =>
        $"seed {run.Run.Seed}, level {run.Run.Level}, {What(run.Run)}: "
        + $"resumes at step {NumberFormat.Count(run.Step)} of {NumberFormat.Count(run.Run.Training.Steps)}";

    /// <summary>The line of a run that failed.</summary>
    internal static string Fails(SearchProgress.Failure run) => $"seed {run.Run.Seed}, level {run.Run.Level}, {What(run.Run)}: failed: {run.Reason}";

    /// <summary>What kind of run it is, and what in it is not the paper's: <c>ticket (small-final)</c>.</summary>
    internal static string What(RunSpecification run)
    {
        if (run.Supermask is { } supermask) return $"supermask of {SearchSummary.Describe(supermask)}";
        if (run.IsDense) return "dense";
        string?[] how =
            [run.Prune?.Criterion, run.Actions?.Mask1, run.Actions?.Mask0, run.Prune is { } prune ? KebabCase.Of(prune.Schedule) : null];
        string[] own = [.. how.OfType<string>().Except(s_usual)];
        string what = run is { Level: 0, Control: Control.None } ? "initial mask" : Labels.Of(run.Control);
        if (run.Draw > 0) what += $", draw {run.Draw}";
        return what + (own.Length == 0 ? "" : $" ({string.Join(", ", own)})");
    }
}
