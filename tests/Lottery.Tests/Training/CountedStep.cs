using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Tests;

/// <summary>One training step, product by product, on kernels that count their multiply-adds.</summary>
internal sealed class CountedStep : IDisposable
{
    private readonly OptimizerState _optimizer;
    private readonly LayerGradient[] _layers;
    private readonly (long Forward, long Input, long Weight)[] _products;

    public CountedStep(string version, Mask mask, int batch)
    {
        Network network = mask.Network;
        Examples examples = SmallData.Examples(batch, network.Inputs, network.Outputs, seed: 5);
        int[] indices = [.. Enumerable.Range(0, batch)];
        Plan = new(network, mask, KernelRegistry.GetCounting(version));
        Plan.Load(InitialWeights.Draw(network, 1), Plan.Values.Span);
        _optimizer = OptimizerState.Of(Optimizer.Sgd(0), Plan);
        (X, Dy) = (new(Plan, batch), new(Plan, batch));
        _layers = [.. Plan.Layers.Select(layer => LayerGradient.Of(layer, Plan))];
        _products = new (long, long, long)[_layers.Length];

        var source = new BatchSource(Plan, X);
        source.Fill(examples, indices, []);
        for (int tile = 0; tile < X.Tiles; tile++)
        {
            Forward(tile);
            Plan.Kernels.SoftmaxCrossEntropy(
                X.At(_layers.Length, tile), source.Labels(tile, batch), network.Outputs, X.Lanes, 1f / batch);
        }
        for (int layer = _layers.Length - 1; layer >= 0; layer--) Backward(layer);
        using var step = new TrainingStep(Plan, _optimizer, batch);
        Whole = Count(() => step.Run(examples, indices, [], 1, 1));
    }

    public NetworkPlan Plan { get; }

    public Activations X { get; }

    public Activations Dy { get; }

    /// <summary>Lanes of all tiles together.</summary>
    public int Lanes => X.Tiles * X.Lanes;

    /// <summary>Multiply-adds of the products of one layer.</summary>
    public (long Forward, long Input, long Weight) Products(int layer) => _products[layer];

    /// <summary>Multiply-adds of one whole step.</summary>
    public long Whole { get; }

    /// <summary>Values at a layer's input that are not zero.</summary>
    public long Active(int layer) => NotZero(X, layer);

    /// <summary>Gradients at a layer's output that are not zero.</summary>
    public long ActiveGradients(int layer) => NotZero(layer == _layers.Length - 1 ? X : Dy, layer + 1);

    public void Dispose()
    {
        foreach (LayerGradient layer in _layers) layer.Dispose();
        X.Dispose();
        Dy.Dispose();
        _optimizer.Dispose();
        Plan.Dispose();
    }

    private void Forward(int tile)
    {
        for (int i = 0; i < _layers.Length; i++)
            _products[i].Forward += Count(() => Plan.Layers[i].Forward(
                Plan.ValuesOf(Plan.Layers[i]), X.At(i, tile), X.At(i + 1, tile), X.Lanes));
    }

    private void Backward(int layer)
    {
        var batch = new LayerGradient.Batch(X, Dy, layer, Last: layer == _layers.Length - 1);
        for (int tile = 0; layer > 0 && tile < X.Tiles; tile++)
            _products[layer].Input += Count(() => _layers[layer].Input(
                batch.Gradient(tile), batch.Input(tile), Dy.At(layer, tile), X.Lanes));
        _products[layer].Weight = Count(() => _layers[layer].Values(batch, _optimizer));
    }

    private static long NotZero(Activations activations, int index)
    {
        long count = 0;
        for (int tile = 0; tile < activations.Tiles; tile++)
            foreach (float value in activations.At(index, tile))
                if (value != 0) count++;
        return count;
    }

    private static long Count(Action work)
    {
        long before = Counting.Total;
        work();
        return Counting.Total - before;
    }
}
