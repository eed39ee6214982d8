namespace Lottery.Training;

/// <summary>What the validation set says at one step.</summary>
/// <param name="Step">Training steps done.</param>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Fraction of examples classified right, 0–1.</param>
/// <param name="TrainingLoss">Mean cross-entropy of the batches since the evaluation before; NaN at step 0.</param>
public sealed record Evaluation(int Step, double Loss, double Accuracy, double TrainingLoss)
{
    /// <summary>Of a mask that is learned, what it keeps at this step; null where none is.</summary>
    public KeptFractions? Kept { get; init; }
}

/// <summary>What a mask that is learned keeps.</summary>
/// <param name="Expected">The fraction of the weights that a sampled mask keeps on average: the mean probability, 0–1.</param>
/// <param name="Thresholded">The fraction that is more likely kept than not, 0–1.</param>
public sealed record KeptFractions(double Expected, double Thresholded);
