using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>One step: assemble, forward, loss, backward, update. Allocates nothing.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly OptimizerState _optimizer;
    private readonly ulong _seed;
    private readonly Activations _activations, _gradients;
    private readonly BatchSource _source;
    private readonly LayerGradient[] _layers;
    private readonly ImmutableArray<GradientChain> _chains;

    /// <summary>Steps of one training.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="optimizer">What moves its values.</param>
    /// <param name="batch">Examples in a step.</param>
    /// <param name="seed">The run's seed, which dropout draws by.</param>
    public TrainingStep(NetworkPlan plan, OptimizerState optimizer, int batch, ulong seed = 0)
    {
        (_plan, _optimizer, _seed) = (plan, optimizer, seed);
        _activations = new(plan, batch);
        _gradients = _activations.Gradients();
        _source = new(plan, _activations);
        _layers = [.. plan.Layers.Select(layer => LayerGradient.Of(layer, plan))];
        _chains = GradientChain.Of([.. _layers.Reverse()]);
    }

    /// <summary>Trains on one batch, whose size is always the same.</summary>
    /// <param name="examples">Where the examples are.</param>
    /// <param name="indices">Which ones.</param>
    /// <param name="next">Those of the step after this, or nothing: fetched ahead.</param>
    /// <param name="count">Steps since the optimizer was fresh, this one included.</param>
    /// <param name="factor">What the schedule multiplies the learning rate by.</param>
    /// <returns>The batch's mean loss before the step, in nats.</returns>
    public double Run(Examples examples, ReadOnlySpan<int> indices, ReadOnlySpan<int> next, int count, double factor)
    {
        var pass = new Pass(Training: true, _seed, count);
        _source.Fill(examples, indices, next);
        _activations.Forward(pass);
        double loss = 0;
        for (int tile = 0; tile < _activations.Tiles.Tiles; tile++)
            _plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = _activations.At(_plan.Output, tile), Labels = _source.Labels(tile), Classes = _plan.Network.Outputs,
                Lanes = _activations.Tiles.Lanes, Scale = 1f / indices.Length, Loss = new(ref loss),
            });
        _optimizer.Begin(count, factor);
        foreach (GradientChain chain in _chains) chain.Back(new(_activations, _gradients), pass, _optimizer);
        _optimizer.End();
        return loss / indices.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerGradient layer in _layers) layer.Dispose();
        _activations.Dispose();
        _gradients.Dispose();
    }
}
