using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Receives the gradients of training steps.</summary>
internal interface IStepUpdate : IGradientSink
{
    /// <summary>Begins the updates of a step.</summary>
    /// <param name="count">Steps since the optimizer's moments were zero, this one included.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    void Begin(int count, double factor);

    /// <summary>Ends the updates of a step: every gradient has been applied.</summary>
    void End();
}

/// <summary>
/// What stands between a plan, which computes with weights, and an optimizer, which moves values: the weights themselves
/// (<see cref="WeightParametrization"/>), or a supermask's scores on frozen weights (<see cref="SupermaskParametrization"/>).
/// </summary>
internal abstract class Parametrization : IStepUpdate, IDisposable
{
    /// <summary>The values that the optimizer moves, laid out like the plan's.</summary>
    public abstract AlignedBuffer<float> Trained { get; }

    /// <summary>The optimizer's moments, laid out likewise.</summary>
    public abstract ImmutableArray<AlignedBuffer<float>> Moments { get; }

    /// <summary>Sets the plan's weights for a training step.</summary>
    public virtual void Prepare(int step)
    {
    }

    /// <inheritdoc/>
    public abstract void Begin(int count, double factor);

    /// <inheritdoc/>
    public abstract void Apply(int offset, ReadOnlySpan<float> gradient);

    /// <inheritdoc/>
    public virtual void End()
    {
    }

    /// <summary>Loss and accuracy on the validation set; the training loss is left open.</summary>
    public abstract Evaluation Evaluate(Evaluator evaluator, SplitDataset data, int step);

    /// <summary>Loss and accuracy on the test set; of a supermask also those of the thresholded mask.</summary>
    public abstract (TestMetrics Metrics, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all);

    /// <summary>Sets values laid out like <see cref="Trained"/> from full shape.</summary>
    public abstract void Load(Weights trained, Span<float> values);

    /// <summary>A checkpoint with what is trained, in the field of its kind.</summary>
    public abstract Checkpoint Store(Checkpoint checkpoint, TrainedTensors trained);

    /// <summary>What a checkpoint of this kind of training holds.</summary>
    public abstract TrainedTensors Restore(Checkpoint checkpoint);

    /// <summary>The outcome's weights and scores from what is trained.</summary>
    public abstract TrainedResult Result(Weights best, Weights final);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Weights and biases are trained; pruned weights that the plan stores are frozen.</summary>
internal sealed class WeightParametrization : Parametrization
{
    private readonly CompiledPlan _plan;
    private readonly OptimizerState _optimizer;

    /// <summary>The training of a plan's weights.</summary>
    /// <param name="optimizer">How they are moved.</param>
    /// <param name="plan">The plan, with its weights.</param>
    /// <param name="mask">The weights that are trained.</param>
    public WeightParametrization(Optimizer optimizer, CompiledPlan plan, Mask mask)
    {
        _plan = plan;
        _optimizer = OptimizerState.Of(optimizer, plan.Kernels, plan.Values, plan.Layout.HasFrozen ? plan.Layout.Trained(mask) : null);
    }

    public override AlignedBuffer<float> Trained => _plan.Values;

    public override ImmutableArray<AlignedBuffer<float>> Moments => _optimizer.Moments;

    public override void Begin(int count, double factor) => _optimizer.Begin(count, factor);

    public override void Apply(int offset, ReadOnlySpan<float> gradient) => _optimizer.Apply(offset, gradient);

    public override Evaluation Evaluate(Evaluator evaluator, SplitDataset data, int step)
    {
        TestMetrics metrics = evaluator.Run(data.Dataset.Train, data.Validation.Span);
        return new(step, metrics.Loss, metrics.Accuracy, double.NaN);
    }

    public override (TestMetrics Metrics, TestMetrics? Thresholded) Test(Evaluator evaluator, Examples test, ReadOnlySpan<int> all) =>
        (evaluator.Run(test, all), null);

    public override void Load(Weights trained, Span<float> values) => _plan.Layout.Load(trained, values);

    public override Checkpoint Store(Checkpoint checkpoint, TrainedTensors trained) => checkpoint with { Weights = trained };

    public override TrainedTensors Restore(Checkpoint checkpoint) =>
        checkpoint.Weights ?? throw new ArgumentException("The checkpoint is not one of trained weights.", nameof(checkpoint));

    public override TrainedResult Result(Weights best, Weights final) => new(best, final, null);

    public override void Dispose() => _optimizer.Dispose();
}
