using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>A finished run.</summary>
public sealed record RunResult
{
    /// <summary>What was asked.</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>The weights that take part.</summary>
    public required Mask Mask { get; init; }

    /// <summary>The weights at the first step, after the mask-1 and mask-0 actions.</summary>
    public required Weights Initial { get; init; }

    /// <summary>The weights at the early-stopping step.</summary>
    public required Weights Best { get; init; }

    /// <summary>The weights after the last step; criteria score these.</summary>
    public required Weights Final { get; init; }

    /// <summary>Every evaluation on the validation set, by step.</summary>
    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    /// <summary>The evaluated step with the smallest validation loss (the first of equals).</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>Test accuracy of the best weights, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Test loss of the best weights, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Test accuracy of the final weights, 0–1.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Test loss of the final weights, in nats.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>The smallest score that stayed, by prunable parameter's name; empty at level 0 and for controls.</summary>
    public required ImmutableSortedDictionary<string, double> Thresholds { get; init; }

    /// <summary>Parameters in which the last weight was kept although the rate would have removed it.</summary>
    public required ImmutableArray<string> KeptLast { get; init; }

    /// <summary>SHA-256 of each epoch's batch order.</summary>
    public required ImmutableArray<string> BatchOrders { get; init; }

    /// <summary>Wall time inside training steps, assembly included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations.</summary>
    public required double EvaluationSeconds { get; init; }

    /// <summary>Wall time of the whole run, all of its sittings together.</summary>
    public required double TotalSeconds { get; init; }
}
