namespace Lottery.Training;

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
