using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>A finished run: its tensors, curves and metrics.</summary>
/// <remarks>
/// Where a supermask was learned, <see cref="Initial"/>, <see cref="Best"/> and <see cref="Final"/> are the frozen weights, and
/// <see cref="Mask"/> keeps the weights whose best score is above 0.
/// </remarks>
public sealed record RunResult
{
    /// <summary>What was asked.</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>The kept weights.</summary>
    public required Mask Mask { get; init; }

    /// <summary>The weights at the first step, after the mask-1 and mask-0 actions.</summary>
    public required Weights Initial { get; init; }

    /// <summary>The weights at the early-stopping step.</summary>
    public required Weights Best { get; init; }

    /// <summary>The weights after the last step; criteria score these.</summary>
    public required Weights Final { get; init; }

    /// <summary>The scores of a learned supermask; null for every other run.</summary>
    public SupermaskScores? Scores { get; init; }

    /// <summary>Every evaluation on the validation set, by step.</summary>
    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    /// <summary>SHA-256 of each epoch's batch order.</summary>
    public required ImmutableArray<string> BatchOrders { get; init; }

    /// <summary>Accuracies, losses and times of its training.</summary>
    public required TrainingMetrics Metrics { get; init; }

    /// <summary>The metrics of the pruning that made its mask.</summary>
    public required PruningMetrics Pruning { get; init; }

    /// <inheritdoc cref="TrainingMetrics.Accuracy"/>
    public double Accuracy => Metrics.Accuracy;

    /// <inheritdoc cref="TrainingMetrics.EarlyStopStep"/>
    public int EarlyStopStep => Metrics.EarlyStopStep;
}
