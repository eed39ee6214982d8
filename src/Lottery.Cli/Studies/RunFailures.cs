using System.Collections.Immutable;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;

namespace Lottery.Cli.Studies;

/// <summary>What a command says at its end about runs that failed: how many, and the first with its cell, seed, level and reason.</summary>
internal static class RunFailures
{
    /// <summary>The error; null if no run failed. The others are finished, but for those that come from a failed one.</summary>
    public static UserException? Of(StudyPlan plan, ImmutableArray<RunOutcome> outcomes)
    {
        RunOutcome[] failed = [.. outcomes.Where(outcome => outcome.State == RunState.Failed)];
        if (failed.Length == 0) return null;
        string first = Describe(plan, failed[0]);
        if (plan.Tasks.Length == 1) return new WorkFailedException(first);
        int skipped = outcomes.Count(outcome => outcome.State == RunState.Skipped);
        return new WorkFailedException($"{failed.Length} of {NumberFormat.Counted(plan.Tasks.Length, "run")} failed{(skipped == 0 ? "" : $", and {skipped} that come from them were not trained")}; "
            + $"the first is {first}");
    }

    /// <summary>The cell of a run (the first of several that share it), its seed and level, and why it failed.</summary>
    private static string Describe(StudyPlan plan, RunOutcome failed)
    {
        IEnumerable<string> cell = plan.Shown.FirstOrDefault(side => side.Ids.Contains(failed.Id)) is { } side
            ? plan.Study.Axes.Zip(side.Cell.Values, (axis, value) => $"{axis} {value.Text}") : [];
        string[] control = failed.Run.Control == Control.None ? [] : [Labels.Of(failed.Run.Control) + (failed.Run.Draw > 0 ? $", draw {failed.Run.Draw}" : "")];
        return $"{string.Join(", ", [.. cell, $"seed {failed.Run.Seed}", $"level {failed.Run.Level}", .. control])}: {failed.Failure!.Message.ReplaceLineEndings(" ")}";
    }
}
