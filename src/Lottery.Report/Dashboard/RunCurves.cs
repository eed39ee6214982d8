using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Training;

namespace Lottery.Report.Dashboard;

/// <summary>Learning curves of single runs: validation accuracy and loss against the training step.</summary>
internal static class RunCurves
{
    private const int MostPoints = 400;

    /// <summary>The charts; none if every run has fewer than two evaluations.</summary>
    /// <param name="runs">Names and evaluations.</param>
    /// <param name="steps">The last step of the axis.</param>
    public static IEnumerable<Chart> Create(IReadOnlyList<(string Name, ImmutableArray<Evaluation> Curve)> runs, int steps)
    {
        if (runs.All(run => run.Curve.Length < 2)) yield break;
        ChartAxis x = new("step", NumberKind.Count) { Range = (0, Math.Max(1, steps)) };
        yield return new()
        {
            Key = "accuracy",
            Title = "Validation accuracy",
            Text = "At each evaluation so far.",
            Series = "run",
            X = x,
            Y = new("validation accuracy", NumberKind.Percent),
            Frames = [new("", [new("", [.. runs.Select((run, i) => Curve(run.Name, i, run.Curve, at => at.Accuracy))])])],
        };
        yield return new()
        {
            Key = "loss",
            Title = "Loss",
            Text = runs.Count == 1 ? "Mean cross-entropy: of the validation set, and of the batches since the previous evaluation." : "Mean cross-entropy of the validation set.",
            Series = "run",
            X = x,
            Y = new("loss (nats)", NumberKind.Number),
            Frames =
            [
                new("",
                [
                    new("", runs.Count == 1
                        ? [Curve("validation", 0, runs[0].Curve, at => at.Loss), Curve("training", 1, runs[0].Curve, at => at.TrainingLoss)]
                        : [.. runs.Select((run, i) => Curve(run.Name, i, run.Curve, at => at.Loss))]),
                ]),
            ],
        };
    }

    private static Mark Curve(string name, int slot, ImmutableArray<Evaluation> curve, Func<Evaluation, double> value) => new LineMark(name, slot,
    [
        .. curve.EvenlySpaced(MostPoints).Where(at => double.IsFinite(value(at)))
            .Select(at => new ChartPoint(at.Step, value(at), double.NaN, double.NaN, 0)),
    ]) { HasMarkers = false };
}
