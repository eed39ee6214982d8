namespace Lottery.Training;

/// <summary>
/// The numbers that a training comes down to. A metric added here is in every finished run, and in <c>results</c> of its
/// <c>run.json</c> under its name.
/// </summary>
public sealed record TrainingMetrics
{
    /// <summary>The evaluated step with the smallest validation loss (the first of equals).</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>
    /// Validation accuracy at the first step, 0–1: what the mask alone makes of untrained weights. Null for runs of
    /// versions that did not keep it among the metrics.
    /// </summary>
    public double? InitialAccuracy { get; init; }

    /// <summary>Validation loss at the first step, in nats; null likewise.</summary>
    public double? InitialLoss { get; init; }

    /// <summary>Test accuracy of the best weights, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Test loss of the best weights, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Test accuracy of the final weights, 0–1.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Test loss of the final weights, in nats.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>Wall time inside training steps, assembly included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations.</summary>
    public required double EvaluationSeconds { get; init; }

    /// <summary>Wall time of the whole run, all of its sittings together.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Of a learned supermask, what its most probable mask does; null for every other run.</summary>
    public ThresholdedMetrics? Thresholded { get; init; }
}
