using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>The number of a run that tables, charts and findings are about.</summary>
internal sealed record Metric
{
    private Metric() { }

    /// <summary>Test accuracy at the early-stopping step, as in the papers: the default.</summary>
    public static Metric Accuracy { get; } = new()
    {
        Name = "accuracy", Noun = "accuracy", Label = "test accuracy at the early-stopping step", IsOfTestImages = true, Of = run => run.Accuracy,
    };

    /// <summary>Test accuracy at the last step: what is judged where training does not stop early.</summary>
    public static Metric FinalAccuracy { get; } = new()
    {
        Name = "final-accuracy", Noun = "final accuracy", Label = "test accuracy at the last step", IsOfTestImages = true, Of = run => run.FinalAccuracy,
    };

    /// <summary>Accuracy on the examples trained on, at the early-stopping step.</summary>
    public static Metric TrainingAccuracy { get; } = new()
    {
        Name = "training-accuracy", Noun = "training accuracy", Label = "training accuracy at the early-stopping step", Of = run => Measured(run.TrainingAccuracy),
    };

    /// <summary>Accuracy on the examples trained on, at the last step.</summary>
    public static Metric FinalTrainingAccuracy { get; } = new()
    {
        Name = "final-training-accuracy", Noun = "final training accuracy", Label = "training accuracy at the last step", Of = run => Measured(run.FinalTrainingAccuracy),
    };

    /// <summary>The early-stopping step; fewer steps are better.</summary>
    public static Metric EarlyStop { get; } = new()
    {
        Name = "early-stop", Noun = "early-stopping step", Label = "early-stopping step", IsStep = true, Of = run => run.EarlyStopStep,
    };

    /// <summary>The metrics that have a name; <see cref="AtStep"/> makes more.</summary>
    public static ImmutableArray<Metric> All { get; } = [Accuracy, FinalAccuracy, TrainingAccuracy, FinalTrainingAccuracy, EarlyStop];

    /// <summary>Its name in options.</summary>
    public required string Name { get; init; }

    /// <summary>Its key in JSON: the column of <c>runs</c>, or <c>accuracy_at_step</c>.</summary>
    public string Key => IsStep ? "early_stop_step" : Step is null ? Name.Replace('-', '_') : "accuracy_at_step";

    /// <summary>What headings and sentences call it.</summary>
    public required string Noun { get; init; }

    /// <summary>What it is exactly, for captions and axes.</summary>
    public required string Label { get; init; }

    /// <summary>The number of a run; null if the run did not measure it.</summary>
    public required Func<RunSummary, double?> Of { get; init; }

    /// <summary>The step at which the test set was evaluated; null for a metric of every run.</summary>
    public int? Step { get; private init; }

    /// <summary>True if it counts steps, of which fewer are better; false for a fraction (0–1), of which more is better.</summary>
    public bool IsStep { get; private init; }

    /// <summary>True if it is the proportion of the test images that one network classifies correctly.</summary>
    public bool IsOfTestImages { get; private init; }

    /// <summary>1 if more is better, −1 if less is.</summary>
    public int Direction => IsStep ? -1 : 1;

    /// <summary>What a condition is that the metric shows to be better, in a finding.</summary>
    public string Better => IsStep ? "earlier" : "better";

    /// <summary>What a condition is that the metric shows to be worse.</summary>
    public string Worse => IsStep ? "later" : "worse";

    /// <summary>Test accuracy at a step of <c>train.evaluate.test-at</c>.</summary>
    public static Metric AtStep(int step) => new()
    {
        Name = "accuracy-at", Noun = $"accuracy at step {NumberFormat.Count(step)}", Label = $"test accuracy at step {NumberFormat.Count(step)}",
        IsOfTestImages = true, Step = step, Of = run => run.AccuracyAt(step),
    };

    /// <summary>A number that a run may lack.</summary>
    private static double? Measured(double number) => double.IsNaN(number) ? null : number;

    /// <summary>A mean with its interval.</summary>
    public string Write(Estimate estimate, string unit = "") => IsStep ? NumberFormat.Steps(estimate) : NumberFormat.Accuracy(estimate, unit);

    /// <summary>A mean with its interval and unit, as in sentences.</summary>
    public string Describe(Estimate estimate) => Write(estimate, " %");

    /// <summary>A difference with its interval.</summary>
    public string WriteDifference(Estimate difference) => IsStep ? NumberFormat.StepDifference(difference) : NumberFormat.Difference(difference);

    /// <summary>A difference with its interval and unit, as in sentences.</summary>
    public string DescribeDifference(Estimate difference) =>
        IsStep ? NumberFormat.StepDifference(difference, " steps") : NumberFormat.Difference(difference, " points");

    /// <summary>
    /// The estimate over the seeds of <paramref name="runs"/>: Student's t; for a single run whose metric is a proportion of images,
    /// Wilson's interval if the number of test images is known. An interval of fractions ends at 0 and 1.
    /// </summary>
    /// <param name="runs">Runs of one condition at one density.</param>
    /// <param name="testImages">Images in the test set; 0 if not known.</param>
    public Estimate Estimate(IReadOnlyCollection<RunSummary> runs, int testImages)
    {
        // A learned mask's accuracy is a mean over sampled masks, which is no proportion of images.
        if (runs.Count == 1 && testImages > 0 && IsOfTestImages && runs.First() is { Supermask: null } only && Of(only) is { } proportion)
            return Statistics.Estimate.FromProportion(proportion, testImages);
        var estimate = Statistics.Estimate.FromValues([.. SeedMeans.Of(runs, Of).Values]);
        return IsStep ? estimate : estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };
    }

    /// <summary>The difference first − second, paired by seed.</summary>
    public PairedDifference Difference(IEnumerable<RunSummary> first, IEnumerable<RunSummary> second)
    {
        double[] differences = [.. SeedMeans.Differences(first, second, Of)];
        return IsStep ? PairedDifference.FromValues(differences) : PairedDifference.OfFractions(differences);
    }
}

/// <summary>
/// One number per seed: several draws of a control with one seed are averaged first, so that intervals count seeds, and pairs are
/// pairs of seeds.
/// </summary>
internal static class SeedMeans
{
    /// <summary>The mean of each seed, by seed; seeds of which no run has the number are left out.</summary>
    public static SortedDictionary<ulong, double> Of(IEnumerable<RunSummary> runs, Func<RunSummary, double?> number) => new(
        runs.Select(run => (run.Seed, Number: number(run))).Where(one => one.Number is not null).GroupBy(one => one.Seed, one => one.Number!.Value)
            .ToDictionary(seed => seed.Key, seed => seed.Average()));

    /// <summary>The differences first − second of the seeds that both have, in the order of the seeds.</summary>
    public static IEnumerable<double> Differences(IEnumerable<RunSummary> first, IEnumerable<RunSummary> second, Func<RunSummary, double?> number)
    {
        SortedDictionary<ulong, double> others = Of(second, number);
        return Of(first, number).Where(seed => others.ContainsKey(seed.Key)).Select(seed => seed.Value - others[seed.Key]);
    }

    /// <summary>The number of seeds.</summary>
    public static int Count(IEnumerable<RunSummary> runs) => runs.Select(run => run.Seed).Distinct().Count();
}
