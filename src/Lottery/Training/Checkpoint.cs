using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Training;

/// <summary>All that a training needs to go on with the same bits. Values of pruned weights are zero and need no room.</summary>
public sealed record Checkpoint
{
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }

    /// <summary>The weights now.</summary>
    public required Weights Current { get; init; }

    /// <summary>The optimizer's moments: Adam has two, SGD with momentum one, plain SGD none.</summary>
    public required ImmutableArray<Weights> Moments { get; init; }

    /// <summary>The weights at the step of the smallest validation loss so far.</summary>
    public required Weights Best { get; init; }

    /// <summary>The evaluations so far.</summary>
    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    /// <summary>SHA-256 of each epoch's order that has been begun.</summary>
    public required ImmutableArray<string> BatchOrders { get; init; }

    /// <summary>Sum of the batches' losses since the last evaluation.</summary>
    public required double LossSum { get; init; }

    /// <summary>Wall time inside training steps so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations so far.</summary>
    public required double EvaluationSeconds { get; init; }
}
