namespace Lottery.Training;

/// <summary>What the validation set says at one step.</summary>
/// <param name="Step">Training steps done.</param>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share of examples classified right, 0–1.</param>
/// <param name="TrainingLoss">Mean cross-entropy of the batches since the evaluation before; NaN at step 0.</param>
public sealed record Evaluation(int Step, double Loss, double Accuracy, double TrainingLoss);
