using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Training;

/// <summary>What a training moves: the weights themselves, or the scores of a mask on frozen ones.</summary>
internal abstract class TrainedValues : IDisposable
{
    /// <summary>Moves <see cref="Values"/>.</summary>
    public abstract OptimizerState Optimizer { get; }

    /// <summary>What is moved, what is best where the validation loss is smallest, and what is final.</summary>
    public abstract AlignedBuffer<float> Values { get; }

    /// <summary>Puts into the plan what <paramref name="step"/> computes with.</summary>
    public abstract void Prepare(int step);

    /// <summary>Loss and accuracy on the validation set; the training loss is left open.</summary>
    public abstract Evaluation Look(Evaluator evaluator, SplitDataset data, int step);

    /// <summary>Loss and accuracy on the test set; of a mask that is learned, those of its most probable mask, too.</summary>
    public abstract (TestMetrics Tested, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all);

    /// <summary>Takes values, or moments of the same shapes, from full shape.</summary>
    public abstract void Load(Weights weights, Span<float> values);

    /// <inheritdoc/>
    public virtual void Dispose() => Optimizer.Dispose();
}

/// <summary>Mean cross-entropy in nats, and the share classified right, 0–1.</summary>
internal readonly record struct TestMetrics(double Loss, double Accuracy);
