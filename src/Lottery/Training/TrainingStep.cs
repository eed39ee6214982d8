using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>One step: assemble, forward, loss, backward, update. Allocates nothing.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly CompiledPlan _plan;
    private readonly IStepUpdate _update;
    private readonly ulong _seed;
    private readonly int _firstStep;
    private readonly TensorBuffers _x, _dx;
    private readonly BatchSource _source;

    /// <summary>The steps of one training.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="update">What receives the gradients.</param>
    /// <param name="batch">Examples of a step.</param>
    /// <param name="seed">The run's seed, which dropout samples from.</param>
    /// <param name="firstStep">The step that training begins at: dropout goes by the steps of the dense run.</param>
    public TrainingStep(CompiledPlan plan, IStepUpdate update, int batch, ulong seed = 0, int firstStep = 0)
    {
        (_plan, _update, _seed, _firstStep) = (plan, update, seed, firstStep);
        _x = plan.Allocate(batch);
        _dx = plan.AllocateBackward(_x);
        _source = new(plan, _x);
    }

    /// <summary>Trains on one batch, whose size is always the same.</summary>
    /// <param name="examples">The data.</param>
    /// <param name="indices">The examples of this step.</param>
    /// <param name="next">The examples of the next step, to prefetch them; or nothing.</param>
    /// <param name="count">Steps since the optimizer's moments were zero, this one included.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <returns>The batch's mean loss before the step, in nats.</returns>
    public double Run(Examples examples, ReadOnlySpan<int> indices, ReadOnlySpan<int> next, int count, double factor)
    {
        ForwardContext forward = _plan.Training(_x, _seed, _firstStep + count);
        _source.Fill(examples, indices, next);
        foreach (FusedSegment segment in _plan.Segments) segment.Forward(forward);
        double loss = 0;
        for (int tile = 0; tile < _x.Tiles.Tiles; tile++)
            _plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = _x.At(_plan.Output, tile), Labels = _source.Labels(tile), Classes = _plan.Network.Outputs, Lanes = _x.Tiles.Lanes,
                Scale = 1f / indices.Length, Loss = new(ref loss),
            });
        var backward = new BackwardContext { Forward = forward, Dx = _dx, Sink = _update };
        _update.Begin(count, factor);
        for (int i = _plan.BackwardSegments.Length - 1; i >= 0; i--) _plan.BackwardSegments[i].Backward(backward);
        _update.End();
        return loss / indices.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dx.Dispose();
        _x.Dispose();
    }
}
