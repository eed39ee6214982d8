using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Training;

/// <summary>What a finished training leaves; the fields are those of a finished run.</summary>
internal sealed record TrainingOutcome
{
    public required Weights Best { get; init; }

    public required Weights Final { get; init; }

    public required SupermaskScores? Scores { get; init; }

    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    public required ImmutableArray<string> BatchOrders { get; init; }

    public required TrainingMetrics Metrics { get; init; }
}
