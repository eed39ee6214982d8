using System.Collections.Immutable;

namespace Lottery.Training;

/// <summary>
/// The metrics of one training. A metric added here is in every finished run, and in <c>results</c> of its
/// <c>run.json</c> under its name.
/// </summary>
public sealed record TrainingMetrics
{
    /// <summary>The evaluated step with the smallest validation loss (the first of equals).</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>Validation accuracy before the first step, 0–1: of the mask on weights that are not trained yet.</summary>
    public required double InitialAccuracy { get; init; }

    /// <summary>Validation loss before the first step, in nats.</summary>
    public required double InitialLoss { get; init; }

    /// <summary>Test accuracy of the best weights, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Test loss of the best weights, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Test accuracy of the final weights, 0–1.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Test loss of the final weights, in nats.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>Accuracy of the best weights on examples that were trained on, 0–1 (see <c>MeasurementSpecification.TrainingSample</c>).</summary>
    public required double TrainingAccuracy { get; init; }

    /// <summary>Accuracy of the final weights on the same examples, 0–1.</summary>
    public required double FinalTrainingAccuracy { get; init; }

    /// <summary>The test set at the steps that the specification asks for, by step; of a training that was rewound, from its first step on.</summary>
    public ImmutableArray<TestedStep> Tested { get; init; } = [];

    /// <summary>Wall time inside training steps, assembly included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations.</summary>
    public required double EvaluationSeconds { get; init; }

    /// <summary>Wall time of the whole run, all of its training sessions together.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Of a learned supermask, the metrics of its thresholded mask; null for every other run.</summary>
    public ThresholdedMetrics? Thresholded { get; init; }
}

/// <summary>What the test set says at one step of a training.</summary>
/// <param name="Step">Training steps done.</param>
/// <param name="Accuracy">Test accuracy, 0–1.</param>
/// <param name="Loss">Test loss, in nats.</param>
public sealed record TestedStep(int Step, double Accuracy, double Loss);

/// <summary>
/// What the most probable mask of a learned supermask does: the weights that are more likely kept than not, beside the mean
/// of sampled masks.
/// </summary>
public sealed record ThresholdedMetrics
{
    /// <summary>Test accuracy by the best scores, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Test loss by the best scores, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Test accuracy by the final scores, 0–1.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Test loss by the final scores, in nats.</summary>
    public required double FinalLoss { get; init; }

    internal static ThresholdedMetrics? Of(TestMetrics? best, TestMetrics? final) => best is { } b && final is { } f
        ? new() { Accuracy = b.Accuracy, Loss = b.Loss, FinalAccuracy = f.Accuracy, FinalLoss = f.Loss }
        : null;
}
