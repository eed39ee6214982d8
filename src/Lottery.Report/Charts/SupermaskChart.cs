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
        Bar[] bars = [.. section.IsUntrained ? section.Best.Select(Untrained) : section.Conditions.Select(one => section.IsLearned ? Learned(one) : BeforeTraining(one)).OfType<Bar>()];
        if (bars.Length == 0) return null;
        BarValue[] chosen = [.. bars.Where(one => one.OnValidation is not null).Select(one => Value(one.Name, one.OnValidation!))];
        BarValue[] paper = isTested
            ? [.. section.Conditions.Select(one => (one.Name, Accuracy: PublishedAccuracies.Find(one.Levels[^1].Runs[0]))).Where(one => one.Accuracy is not null)
                .Select(one => new BarValue(one.Name, one.Accuracy!.Value, double.NaN, double.NaN, 0))]
            : [];
        string measure = section.IsLearned ? "test accuracy, mean of sampled masks" : section.IsUntrained ? "test accuracy" : "validation accuracy at step 0";
        Mark[] marks =
        [
            new BarMark(section.IsUntrained ? "each run's best density" : "here", 0, [.. bars.Select(one => Value(one.Name, one.Accuracy))]),
            .. chosen.Length > 0 ? (Mark[])[new BarMark("density chosen on validation", 1, [.. chosen])] : [],
            .. paper.Length > 0 ? (Mark[])[new BarMark("Zhou et al. 2019", Mark.Neutral, [.. paper])] : [],
        ];
        return new()
        {
            Key = "supermasks",
            Title = "Masks without training",
            Text = (section.IsLearned ? "Masks that were learned on weights that are never trained. "
                    : $"Every run at its own density with the best {measure}, averaged over seeds, as in the papers: a maximum, and so biased upwards. ")
                + (chosen.Length > 0 ? $"Beside it the test accuracy at the density that is best on validation {section.Settings.Examples}. " : "")
                + $"{ChartCaption.Whiskers(section)}{(paper.Length > 0 ? " Grey bars are the values of Zhou et al. 2019." : "")}",
            X = new("condition", NumberKind.Count, AxisKind.Names),
            Y = new(measure, NumberKind.Percent) { Range = (0, 1) },
            Series = "source",
            Frames = [new("", [new("", [.. marks])])],
        };
    }

    private static BarValue Value(string name, Estimate accuracy)
    {
        var point = ChartPoint.Of(0, accuracy);
        return new(name, point.Y, point.Low, point.High, point.Count);
    }

    private static Bar Untrained(BestDensities one) => new(one.Name, one.EachRun, one.OnValidation);

    private static Bar? Learned(Condition condition) => condition.Levels.LastOrDefault(level => level.Runs[0].Supermask is not null) is { } level
        ? new(condition.Name, level.Mean(run => run.Accuracy), null) : null;

    /// <summary>The validation accuracy at step 0 of trained runs, each at its own best density.</summary>
    private static Bar? BeforeTraining(Condition condition)
    {
        RunSummary[] best = [.. condition.Levels.Where(level => level.Level > 0).SelectMany(level => level.Runs).Where(run => double.IsFinite(run.Metrics.InitialAccuracy))
            .GroupBy(run => (run.Seed, run.Draw)).Select(chain => chain.MaxBy(run => run.Metrics.InitialAccuracy)!)];
        return best.Length == 0 ? null : new(condition.Name, Estimate.FromValues([.. SeedMeans.Of(best, run => run.Metrics.InitialAccuracy).Values]), null);
    }

    private sealed record Bar(string Name, Estimate Accuracy, Estimate? OnValidation);
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
