using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>A finished run, as far as a table needs it.</summary>
public sealed record Outcome
{
    /// <summary>The network's name.</summary>
    public required string Network { get; init; }

    /// <summary>The replicate's seed: runs of equal seed are compared pair by pair.</summary>
    public required ulong Seed { get; init; }

    /// <summary>0 is dense.</summary>
    public required int Level { get; init; }

    /// <summary>Kept ÷ all prunable weights, 0–1.</summary>
    public required double Density { get; init; }

    /// <summary>The ticket itself, or what it is compared with.</summary>
    public required Control Control { get; init; }

    /// <summary>Test accuracy of the best weights, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The step of the smallest validation loss.</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>Training steps; 0 for a mask on untrained weights.</summary>
    public required int Steps { get; init; }

    /// <summary>The criterion; null at level 0.</summary>
    public string? Criterion { get; init; }

    /// <summary>The mask-1 action; null at level 0.</summary>
    public string? Mask1 { get; init; }

    /// <summary>The mask-0 action; null at level 0.</summary>
    public string? Mask0 { get; init; }

    /// <summary>How a mask was learned on weights that never moved; null for every other run.</summary>
    public SupermaskSpecification? Supermask { get; init; }

    /// <summary>Test accuracy of a learned supermask's most probable mask; null for every other run.</summary>
    public double? ThresholdedAccuracy { get; init; }

    /// <summary>The density of replicates: the one that they share, or their mean where a threshold gives each its own.</summary>
    public static double MeanDensity(IReadOnlyList<Outcome> runs) =>
        runs.All(run => run.Density.Equals(runs[0].Density)) ? runs[0].Density : runs.Average(run => run.Density);

    /// <summary>What a table needs of <paramref name="run"/>.</summary>
    public static Outcome Of(RunResult run) => new()
    {
        Network = run.Specification.Network.Name,
        Seed = run.Specification.Seed,
        Level = run.Specification.Level,
        Density = run.Mask.Density,
        Control = run.Specification.Control,
        Accuracy = run.Accuracy,
        EarlyStopStep = run.EarlyStopStep,
        Steps = run.Specification.Training.Steps,
        Criterion = run.Specification.Prune?.Criterion,
        Mask1 = run.Specification.Actions?.Mask1,
        Mask0 = run.Specification.Actions?.Mask0,
        Supermask = run.Specification.Supermask,
        ThresholdedAccuracy = run.Metrics.Thresholded?.Accuracy,
    };

    /// <summary>What a table needs of a run that a store lists.</summary>
    public static Outcome Of(RunRecord run) => new()
    {
        Network = run.Network,
        Seed = run.Seed,
        Level = run.Level,
        Density = run.Density,
        Control = KebabCase.Parse<Control>(run.Control),
        Accuracy = run.Accuracy,
        EarlyStopStep = run.EarlyStopStep,
        Steps = run.Steps,
        Criterion = run.Criterion,
        Mask1 = run.Mask1,
        Mask0 = run.Mask0,
        Supermask = run.Supermask is null ? null
            : new() { Weights = KebabCase.Parse<SupermaskWeights>(run.Supermask), Rescale = run.Rescale == true },
        ThresholdedAccuracy = run.ThresholdedAccuracy,
    };
}
