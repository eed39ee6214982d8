using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// A condition at one density against the networks of level 0 from which its masks come, paired by seed: what the lottery ticket
/// hypothesis is about. Tests are corrected by Holm's procedure over the densities of the condition.
/// </summary>
/// <param name="Value">The metric of the condition − that of the networks of level 0.</param>
/// <param name="Step">The early-stopping step of the condition − that of the networks of level 0.</param>
/// <param name="Bound">What <paramref name="Step"/> is where runs stopped at their last step.</param>
internal sealed record DenseComparison(PairedDifference Value, PairedDifference Step, StepBound Bound)
{
    /// <summary>Whether the condition is as good as the networks of level 0; null for a metric without a margin.</summary>
    public NonInferiority? AsGood { get; init; }

    /// <summary>The largest difference that still counts as good, 0–1.</summary>
    public double Margin { get; init; }

    /// <summary>The test of "no difference" in the metric.</summary>
    public required DifferenceTest ValueTest { get; init; }

    /// <summary>The test of "no difference" in the early-stopping step.</summary>
    public required DifferenceTest StepTest { get; init; }

    /// <summary>1 if the condition is shown to be better than the networks of level 0 (5 %, Holm), −1 if worse, 0 if neither is shown.</summary>
    public int Verdict { get; init; }

    /// <summary>
    /// 1 if the condition is shown to stop earlier than the networks of level 0 (5 %, Holm), −1 if later, 0 if neither is shown; a
    /// difference that is a bound shows only what its other side cannot undo.
    /// </summary>
    public int StepVerdict => (StepTest.Sign, Bound) switch
    {
        (< 0, StepBound.None or StepBound.Upper) => 1,
        (> 0, StepBound.None or StepBound.Lower) => -1,
        _ => 0,
    };

    /// <summary>True if it is tested over two seeds or more.</summary>
    public bool IsTested => Value.IsTestable;

    /// <summary>The marks of the difference in tables: ▲ better, ▼ worse, = as good; empty if nothing is shown.</summary>
    public string Marks => Verdict > 0 ? "▲" : $"{(Verdict < 0 ? "▼" : "")}{(AsGood?.Holds == true ? "=" : "")}";

    /// <summary>The difference in steps with its mark (▲ earlier, ▼ later), and ≥, ≤ or † where it is a bound.</summary>
    public string StepText
    {
        get
        {
            string mark = StepVerdict switch { 1 => "▲ ", -1 => "▼ ", _ => "" };
            string bound = Bound switch { StepBound.Lower => "≥ ", StepBound.Upper => "≤ ", StepBound.Unknown => "† ", _ => "" };
            return $"{mark}{bound}{NumberFormat.StepDifference(Step.Estimate)}";
        }
    }

    /// <summary>The rows of a condition, each compared with the networks of level 0; rows of level 0 and untrained ones are not.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="roots">The networks of level 0.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="margin">The largest difference that still counts as good, 0–1.</param>
    public static IEnumerable<StudyRow> Compare(StudyRow[] rows, RunSummary[] roots, Metric metric, double margin)
    {
        StudyRow[] pruned = roots.Length == 0 ? [] : [.. rows.Where(row => row is { IsRoot: false, IsUntrained: false, IsLearned: false })];
        PairedDifference[] values = [.. pruned.Select(row => metric.Difference(row.Runs, roots))];
        PairedDifference[] steps = [.. pruned.Select(row => Metric.EarlyStop.Difference(row.Runs, roots))];
        IReadOnlyList<DifferenceTest> valueTests = DifferenceTest.Test(values), stepTests = DifferenceTest.Test(steps);
        IReadOnlyList<NonInferiority>? asGood = metric.IsStep ? null : NonInferiority.Test(values, margin);
        foreach (StudyRow row in rows)
            yield return Array.IndexOf(pruned, row) is not (>= 0 and int i) ? row : row with
            {
                AgainstDense = new(values[i], steps[i], BoundOf(row.Runs, roots))
                {
                    // What is shown to be better is as good: no claim beside that one.
                    AsGood = asGood is null || metric.Direction * valueTests[i].Sign <= 0 ? asGood?[i] : asGood[i] with { Holds = true },
                    Margin = margin, ValueTest = valueTests[i], StepTest = stepTests[i], Verdict = metric.Direction * valueTests[i].Sign,
                },
            };
    }

    /// <summary>What the difference of steps is, over the seeds that both have.</summary>
    private static StepBound BoundOf(IReadOnlyCollection<RunSummary> runs, RunSummary[] roots)
    {
        HashSet<ulong> seeds = [.. runs.Select(run => run.Seed).Intersect(roots.Select(run => run.Seed))];
        bool own = runs.Any(run => run.IsCensored && seeds.Contains(run.Seed)), other = roots.Any(run => run.IsCensored && seeds.Contains(run.Seed));
        return (own, other) switch { (true, true) => StepBound.Unknown, (true, false) => StepBound.Lower, (false, true) => StepBound.Upper, _ => StepBound.None };
    }
}

/// <summary>What a difference of early-stopping steps is where runs stopped at their last step, so that their true step is not known.</summary>
internal enum StepBound
{
    /// <summary>No run stopped at its last step: the difference is what it is.</summary>
    None,

    /// <summary>The true difference is at least as large.</summary>
    Lower,

    /// <summary>The true difference is at most as large.</summary>
    Upper,

    /// <summary>Runs of both sides stopped at their last steps: the true difference may lie on either side.</summary>
    Unknown,
}
