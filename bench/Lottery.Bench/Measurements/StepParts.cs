using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Bench.Measurements;

/// <summary>The parts of a training step, each to be run by itself, again and again, with the activations of a real batch.</summary>
internal sealed class StepParts : IDisposable
{
    private readonly SplitDataset _data;
    private readonly CompiledPlan _plan;
    private readonly TensorBuffers _activations, _gradients;
    private readonly BatchSource _source;
    private readonly LinearOperation[] _layers;
    private readonly OptimizerState _adam;
    private readonly float[] _gradient;
    private readonly int[] _order;
    private int _batch;
    private double _loss;

    public StepParts(KernelSet kernels, RunResult level, SplitDataset data)
    {
        _data = data;
        _plan = new(level.Mask.Network, level.Mask, kernels, zeros: ZeroInputs.ShareOf(data.Dataset.Train));
        _plan.Load(level.Final);
        _activations = _plan.Allocate(RealSearch.Batch);
        _gradients = _plan.AllocateBackward(_activations);
        _source = new(_plan, _activations);
        _layers = [.. _plan.Operations.Cast<LinearOperation>()];
        _adam = OptimizerState.Of(
            Optimizer.Adam(0), _plan.Kernels, _plan.Values, _plan.Layout.HasFrozen ? _plan.Layout.Trained(level.Mask) : null);
        _gradient = new float[_plan.Values.Length];
        Array.Fill(_gradient, 1e-3f);
        _order = data.EpochOrder(RealSearch.Seed, 0);
    }

    /// <summary>In the order of a step.</summary>
    public ImmutableArray<(string Name, Action Run)> All =>
    [
        ("assembly", Assemble),
        ("forward", () => _plan.Forward(_plan.Evaluation(_activations))),
        ("loss", Loss),
        ("input gradient", InputGradients),
        ("weight gradient", () => ValueGradients(new NoUpdate())),
        ("update", Update),
    ];

    public void Dispose()
    {
        _adam.Dispose();
        _activations.Dispose();
        _gradients.Dispose();
        _plan.Dispose();
    }

    private void Assemble() => _source.Fill(_data.Dataset.Train, Examples(_batch), next: Examples(++_batch));

    private ReadOnlySpan<int> Examples(int batch) =>
        _order.AsSpan(batch % RealSearch.StepsInEpoch * RealSearch.Batch, RealSearch.Batch);

    private void Loss() => _plan.Kernels.Run(new SoftmaxCrossEntropy
    {
        Y = _activations.At(_plan.Output, 0), Labels = _source.Labels(0), Classes = _plan.Network.Outputs, Lanes = _activations.Tiles.Lanes,
        Scale = 1f / RealSearch.Batch, Loss = new(ref _loss),
    });

    private void InputGradients()
    {
        for (int i = _layers.Length - 1; i > 0; i--)
            _layers[i].BackwardInput(Backward(new NoUpdate()));
    }

    private void ValueGradients(IGradientSink sink)
    {
        for (int i = _layers.Length - 1; i >= 0; i--) _layers[i].BackwardParameters(Backward(sink));
    }

    private void Update()
    {
        _adam.Begin(10, 1);
        _adam.Apply(0, _gradient);
    }

    private BackwardContext Backward(IGradientSink sink) =>
        new() { Forward = _plan.Evaluation(_activations), Dx = _gradients, Sink = sink };

    /// <summary>Leaves the values as they are.</summary>
    private sealed class NoUpdate : IGradientSink
    {
        public void Apply(int offset, ReadOnlySpan<float> gradient)
        {
        }
    }
}
