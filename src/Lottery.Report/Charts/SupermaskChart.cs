using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>The best accuracy of each condition's masks without any training, and the values that the paper reports.</summary>
internal static class SupermaskChart
{
    /// <summary>The chart; null if nothing was pruned or no accuracy before training is known.</summary>
    public static Chart? Create(ReportSection section)
    {
        bool isTested = section.IsUntrained || section.IsLearned;
        Func<RunSummary, double> accuracy = isTested ? run => run.Accuracy : run => run.Metrics.InitialAccuracy;
        Best[] best = [.. section.Conditions.Select(one => FindBest(one, accuracy)).OfType<Best>()];
        if (best.Length == 0) return null;
        BarValue[] bars = [.. best.Select(one => Bar(one.Name, one.Accuracy))];
        BarValue[] paper = isTested
            ? [.. best.Select(one => (one.Name, Accuracy: PublishedAccuracies.Find(one.Level.Runs[0]))).Where(one => one.Accuracy is not null)
                .Select(one => new BarValue(one.Name, one.Accuracy!.Value, double.NaN, double.NaN, 0))]
            : [];
        string measure = section.IsLearned ? "test accuracy, mean of sampled masks" : section.IsUntrained ? "test accuracy" : "validation accuracy at step 0";
        return new()
        {
            Key = "supermasks",
            Title = "Masks without training",
            Text = (section.IsLearned ? "Masks that were learned on weights that are never trained. "
                    : $"Each condition at the density with its best {measure}, chosen as in the papers: a maximum, and so biased upwards. ")
                + $"{ChartCaption.Whiskers(section)}{(paper.Length > 0 ? " Grey bars are the values of Zhou et al. 2019." : "")}",
            X = new("condition and its best density", NumberKind.Count, AxisKind.Names),
            Y = new(measure, NumberKind.Percent) { Range = (0, 1) },
            Series = "source",
            Frames = [new("", [new("", [new BarMark("here", 0, [.. bars]), .. paper.Length > 0 ? (Mark[])[new BarMark("Zhou et al. 2019", Mark.Neutral, [.. paper])] : []])])],
        };
    }

    private static BarValue Bar(string name, Estimate accuracy)
    {
        var point = ChartPoint.Of(0, accuracy);
        return new(name, point.Y, point.Low, point.High, point.Count);
    }

    private static Best? FindBest(Condition condition, Func<RunSummary, double> accuracy) => condition.Levels
        .Where(level => level.Level > 0 || level.Runs[0].Supermask is not null)
        .Select(level => new Best(condition, level, level.Mean(accuracy)))
        .Where(level => double.IsFinite(level.Accuracy.Mean)).MaxBy(level => level.Accuracy.Mean);

    private sealed record Best(Condition Condition, LevelRuns Level, Estimate Accuracy)
    {
        public string Name => $"{Condition.Name} ({NumberFormat.Density(Level.Density)})";
    }
}

/// <summary>Accuracies that Zhou et al. 2019 report, for runs that follow their protocol.</summary>
internal static class PublishedAccuracies
{
    private const string SameSign = "large-final-same-sign", Rewound = "rewind", SignedConstant = "constant-same-sign";

    /// <summary>The accuracy (0–1) that the paper reports for masks like that of <paramref name="run"/>; null if it reports none.</summary>
    public static double? Find(RunSummary run) => run.Supermask is null ? Untrained(run) : Learned(run);

    /// <summary>Learned masks, without and with dynamic weight rescaling (section 5.2, table 1).</summary>
    private static double? Learned(RunSummary run) => (run.Network, run.Data, run.Supermask!.Weights, run.Supermask.Rescale) switch
    {
        ("lenet-300-100", "mnist", SupermaskWeights.Initial, false) => 0.953,
        ("lenet-300-100", "mnist", SupermaskWeights.SignedConstant, false) => 0.964,
        ("lenet-300-100", "mnist", SupermaskWeights.Initial, true) => 0.978,
        ("lenet-300-100", "mnist", SupermaskWeights.SignedConstant, true) => 0.980,
        ("conv-2", "cifar-10", SupermaskWeights.Initial, false) => 0.644,
        ("conv-2", "cifar-10", SupermaskWeights.SignedConstant, false) => 0.663,
        ("conv-2", "cifar-10", SupermaskWeights.Initial, true) => 0.650,
        ("conv-2", "cifar-10", SupermaskWeights.SignedConstant, true) => 0.660,
        ("conv-4", "cifar-10", SupermaskWeights.Initial, false) => 0.654,
        ("conv-4", "cifar-10", SupermaskWeights.SignedConstant, false) => 0.662,
        ("conv-4", "cifar-10", SupermaskWeights.Initial, true) => 0.717,
        ("conv-4", "cifar-10", SupermaskWeights.SignedConstant, true) => 0.725,
        ("conv-6", "cifar-10", SupermaskWeights.Initial, false) => 0.653,
        ("conv-6", "cifar-10", SupermaskWeights.SignedConstant, false) => 0.654,
        ("conv-6", "cifar-10", SupermaskWeights.Initial, true) => 0.763,
        ("conv-6", "cifar-10", SupermaskWeights.SignedConstant, true) => 0.765,
        _ => null,
    };

    /// <summary>Masks on initial weights, the best of all densities (section 5 and table 1); null if none is reported.</summary>
    private static double? Untrained(RunSummary run) => (run.Network, run.Data, run.Criterion, run.Mask1, run.Control) switch
    {
        ("lenet-300-100", "mnist", "large-final", Rewound, Control.None) => 0.40,
        ("lenet-300-100", "mnist", SameSign, Rewound, Control.None) => 0.793,
        ("lenet-300-100", "mnist", SameSign, SignedConstant, Control.None) => 0.863,
        ("conv-2", "cifar-10", SameSign, Rewound, Control.None) => 0.223,
        ("conv-2", "cifar-10", SameSign, SignedConstant, Control.None) => 0.374,
        ("conv-4", "cifar-10", SameSign, Rewound, Control.None) => 0.237,
        ("conv-4", "cifar-10", SameSign, SignedConstant, Control.None) => 0.397,
        ("conv-6", "cifar-10", SameSign, Rewound, Control.None) => 0.240,
        ("conv-6", "cifar-10", SameSign, SignedConstant, Control.None) => 0.410,
        _ => null,
    };
}
