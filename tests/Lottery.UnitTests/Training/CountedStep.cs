using Lottery.Data;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Training;
using Lottery.UnitTests.Kernels;

namespace Lottery.UnitTests.Training;

/// <summary>One training step, product by product, on kernels that count their multiply-adds.</summary>
internal sealed class CountedStep : IDisposable
{
    private readonly GradientCapture _gradients;
    private readonly LinearOperation[] _layers;
    private readonly (long Forward, long Input, long Weight)[] _products;

    public CountedStep(string version, Mask mask, int batch, double zeros = 0)
    {
        Network network = mask.Network;
        Examples examples = SmallData.Examples(batch, network.Inputs, network.Outputs, seed: 5);
        int[] indices = [.. Enumerable.Range(0, batch)];
        Plan = new(network, mask, CountingKernels.Get(version), zeros: zeros);
        Plan.Load(InitialWeights.Sample(network, 1));
        _gradients = new(Plan);
        X = Plan.Allocate(batch);
        Dy = Plan.AllocateBackward(X);
        _layers = [.. Plan.Operations.Cast<LinearOperation>()];
        _products = new (long, long, long)[_layers.Length];

        var source = new BatchSource(Plan, X);
        source.Fill(examples, indices, []);
        for (int layer = 0; layer < _layers.Length; layer++)
            _products[layer].Forward = CountingKernels.Count(() => _layers[layer].Forward(Plan.Evaluation(X), 0, 0));
        for (int tile = 0; tile < X.Tiles.Tiles; tile++)
            Plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = X.At(Plan.Output, tile), Labels = source.Labels(tile), Classes = network.Outputs, Lanes = X.Tiles.Lanes, Scale = 1f / batch,
                Loss = new double[1],
            });
        for (int layer = _layers.Length - 1; layer >= 0; layer--) Backward(layer);
        using var step = new TrainingStep(Plan, _gradients, batch);
        Whole = CountingKernels.Count(() => step.Run(examples, indices, [], 1, 1));
    }

    public CompiledPlan Plan { get; }

    public TensorBuffers X { get; }

    public TensorBuffers Dy { get; }

    /// <summary>Lanes of all tiles together.</summary>
    public int Lanes => X.Tiles.Tiles * X.Tiles.Lanes;

    /// <summary>Multiply-adds of the products of one layer.</summary>
    public (long Forward, long Input, long Weight) Products(int layer) => _products[layer];

    /// <summary>Multiply-adds of one whole step.</summary>
    public long Whole { get; }

    /// <summary>Values at a layer's input that are not zero.</summary>
    public long Active(int layer) => NotZero(X.All(Plan.Operations[layer].Input));

    /// <summary>Gradients at a layer's output that are not zero.</summary>
    public long ActiveGradients(int layer) => NotZero(Dy.All(Plan.Operations[layer].Output));

    public void Dispose()
    {
        Dy.Dispose();
        X.Dispose();
        Plan.Dispose();
    }

    private void Backward(int layer)
    {
        var context = new BackwardContext { Forward = Plan.Training(X, seed: 0, step: 1), Dx = Dy, Sink = _gradients };
        if (layer > 0) _products[layer].Input = CountingKernels.Count(() => _layers[layer].BackwardInput(context));
        _products[layer].Weight = CountingKernels.Count(() => _layers[layer].BackwardParameters(context));
    }

    private static long NotZero(ReadOnlySpan<float> values)
    {
        long count = 0;
        foreach (float value in values)
            if (value != 0) count++;
        return count;
    }

}
