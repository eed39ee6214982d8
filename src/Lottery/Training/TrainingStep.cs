using Lottery.Data;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>One step: assemble, forward, loss, backward, update. Allocates nothing.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly OptimizerState _optimizer;
    private readonly Activations _activations, _gradients;
    private readonly BatchSource _source;
    private readonly LayerGradient[] _layers;

    public TrainingStep(NetworkPlan plan, OptimizerState optimizer, int batch)
    {
        (_plan, _optimizer) = (plan, optimizer);
        _activations = new(plan, batch);
        _gradients = new(plan, batch);
        _source = new(plan, _activations);
        _layers = [.. plan.Layers.Select(layer => LayerGradient.Of(layer, plan))];
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
        _source.Fill(examples, indices, next);
        double loss = 0;
        for (int tile = 0; tile < _activations.Tiles; tile++)
        {
            _activations.Forward(tile);
            loss += _plan.Kernels.SoftmaxCrossEntropy(
                _activations.At(_layers.Length, tile), _source.Labels(tile, indices.Length), _plan.Network.Outputs,
                _activations.Lanes, 1f / indices.Length);
        }
        Backward(count, factor);
        return loss / indices.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerGradient layer in _layers) layer.Dispose();
        _activations.Dispose();
        _gradients.Dispose();
    }

    /// <summary>From the last layer to the first; a layer's input gradient is taken before its weights move.</summary>
    private void Backward(int count, double factor)
    {
        _optimizer.Begin(count, factor);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var batch = new LayerGradient.Batch(_activations, _gradients, i, Last: i == _layers.Length - 1);
            for (int tile = 0; i > 0 && tile < batch.Tiles; tile++)
                _layers[i].Input(batch.Gradient(tile), batch.Input(tile), _gradients.At(i, tile), batch.Lanes);
            _layers[i].Values(batch, _optimizer);
        }
    }
}
