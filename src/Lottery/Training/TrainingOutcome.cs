using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Training;

/// <summary>What a finished training leaves; the fields are those of a finished run.</summary>
internal sealed record TrainingOutcome
{
    public required Weights Best { get; init; }

    public required Weights Final { get; init; }

    public required ImmutableArray<Evaluation> Evaluations { get; init; }

    public required int EarlyStopStep { get; init; }

    public required double Accuracy { get; init; }

    public required double Loss { get; init; }

    public required double FinalAccuracy { get; init; }

    public required double FinalLoss { get; init; }

    public required ImmutableArray<string> BatchOrders { get; init; }

    public required double Seconds { get; init; }

    public required double EvaluationSeconds { get; init; }
}
