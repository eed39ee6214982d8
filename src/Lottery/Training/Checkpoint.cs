using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Training;

/// <summary>
/// All that a training needs to continue with the same bits. One of <see cref="Weights"/> and <see cref="Scores"/> is set,
/// the one that is trained. Values of pruned weights are zero and are not stored.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }

    /// <summary>The weights, if they are trained; otherwise null.</summary>
    public TrainedTensors? Weights { get; init; }

    /// <summary>A supermask's scores, if they are trained; otherwise null.</summary>
    public TrainedTensors? Scores { get; init; }

    /// <summary>The evaluations so far.</summary>
    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    /// <summary>The tests so far, besides those at the end.</summary>
    public ImmutableArray<TestedStep> Tested { get; init; } = [];

    /// <summary>SHA-256 of the order of each epoch that has begun.</summary>
    public required ImmutableArray<string> BatchOrders { get; init; }

    /// <summary>Sum of the batches' losses since the last evaluation.</summary>
    public required double LossSum { get; init; }

    /// <summary>Wall time inside training steps so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations so far.</summary>
    public required double EvaluationSeconds { get; init; }
}

/// <summary>What an optimizer moves, and its moments, in full shape.</summary>
/// <param name="Current">The values now.</param>
/// <param name="Best">The values at the step of the smallest validation loss so far.</param>
/// <param name="Moments">The optimizer's moments: Adam has two, SGD with momentum one, plain SGD none.</param>
public sealed record TrainedTensors(Weights Current, Weights Best, ImmutableArray<Weights> Moments);

/// <summary>The scores of a learned supermask: a weight is kept with probability sigmoid(score).</summary>
/// <param name="Best">The scores at the early-stopping step.</param>
/// <param name="Final">The scores after the last step.</param>
public sealed record SupermaskScores(Weights Best, Weights Final);
