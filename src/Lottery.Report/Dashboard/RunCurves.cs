using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Training;

namespace Lottery.Report.Dashboard;

/// <summary>A line of the curves: a run, or the mean of several replicates.</summary>
/// <param name="Name">Its legend entry.</param>
/// <param name="Runs">The evaluations of each run by step; at least one.</param>
internal sealed record RunCurve(string Name, ImmutableArray<Evaluated> Runs);

/// <summary>The evaluations of a run.</summary>
/// <param name="Evaluations">By step.</param>
/// <param name="EarlyStop">The early-stopping step; null while it is not known.</param>
internal sealed record Evaluated(ImmutableArray<Evaluation> Evaluations, int? EarlyStop);

/// <summary>Learning curves of chosen runs: validation accuracy and loss against the training step.</summary>
internal static class RunCurves
{
    private const int MostPoints = 400;

    /// <summary>The charts; none if every run has fewer than two evaluations.</summary>
    /// <param name="curves">The lines.</param>
    /// <param name="steps">The last step of the axis.</param>
    public static IEnumerable<Chart> Create(IReadOnlyList<RunCurve> curves, int steps)
    {
        if (curves.SelectMany(curve => curve.Runs).All(run => run.Evaluations.Length < 2)) yield break;
        ChartAxis x = new("step", NumberKind.Count) { Range = (0, Math.Max(1, steps)) };
        string reading = Reading(curves);
        yield return new()
        {
            Key = "accuracy",
            Title = "Validation accuracy",
            Text = $"At each evaluation. {reading}",
            Series = "run",
            X = x,
            Y = new("validation accuracy", NumberKind.Percent),
            Frames = [new("", [new("", [.. curves.SelectMany((curve, i) => Marks(curve, curve.Name, i, at => at.Accuracy, isFraction: true))])])],
        };
        bool single = curves is [{ Runs.Length: 1 }];
        yield return new()
        {
            Key = "loss",
            Title = "Loss",
            Text = (single ? "Mean cross-entropy: of the validation set, and of the batches since the previous evaluation. " : "Mean cross-entropy of the validation set. ") + reading,
            Series = "run",
            X = x,
            Y = new("loss (nats)", NumberKind.Number),
            Frames =
            [
                new("",
                [
                    new("", single
                        ?
                        [
                            .. Marks(curves[0], "validation", 0, at => at.Loss, isFraction: false),
                            .. Marks(new("", [curves[0].Runs[0] with { EarlyStop = null }]), "training", 1, at => at.TrainingLoss, isFraction: false),
                        ]
                        : [.. curves.SelectMany((curve, i) => Marks(curve, curve.Name, i, at => at.Loss, isFraction: false))]),
                ]),
            ],
        };
    }

    private static string Reading(IReadOnlyList<RunCurve> curves)
    {
        int most = curves.Max(curve => curve.Runs.Length);
        string bands = most > 1 ? $"Lines of several replicates are means, bands pointwise 95 % intervals over {Replicates(curves)} (Student’s t). " : "";
        return bands + (curves.SelectMany(curve => curve.Runs).Any(run => run.EarlyStop is not null)
            ? "A marker is the early-stopping step of a run: the lowest validation loss, where its test accuracy is taken." : "");
    }

    private static string Replicates(IReadOnlyList<RunCurve> curves)
    {
        int[] counts = [.. curves.Select(curve => curve.Runs.Length).Where(count => count > 1).Distinct()];
        return counts.Length == 1 ? $"{counts[0]} replicates" : $"{counts.Min()} to {counts.Max()} replicates";
    }

    /// <summary>The line, and a marker at each run's early-stopping step; all share the line's legend entry.</summary>
    private static IEnumerable<Mark> Marks(RunCurve curve, string name, int slot, Func<Evaluation, double> value, bool isFraction)
    {
        foreach (Evaluated run in curve.Runs)
            if (run.Evaluations.FirstOrDefault(at => at.Step == run.EarlyStop) is { } stop && double.IsFinite(value(stop)))
                yield return new LineMark(name, slot, [new(stop.Step, value(stop), double.NaN, double.NaN, 0)]);
        yield return new LineMark(name, slot, [.. Points(curve, value, isFraction)]) { HasMarkers = false };
    }

    /// <summary>The mean at the steps at which every run has a finite value.</summary>
    private static IEnumerable<ChartPoint> Points(RunCurve curve, Func<Evaluation, double> value, bool isFraction)
    {
        var steps = curve.Runs.SelectMany(run => run.Evaluations).Where(at => double.IsFinite(value(at))).GroupBy(at => at.Step, value)
            .Where(step => step.Count() == curve.Runs.Length).OrderBy(step => step.Key).ToArray();
        return steps.EvenlySpaced(MostPoints).Select(step => curve.Runs.Length == 1
            ? new ChartPoint(step.Key, step.First(), double.NaN, double.NaN, 0)
            : ChartPoint.Of(step.Key, Estimate.FromValues([.. step]), isFraction));
    }
}
