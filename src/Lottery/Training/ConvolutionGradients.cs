using Lottery.Kernels;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// What a convolution does on the way back. Tiles share the input's gradient out among the threads, outputs the weights':
/// each weight is summed over all tiles in order by one thread, so that their number changes no bit.
/// </summary>
internal abstract class ConvolutionGradient : LayerGradient
{
    private readonly ConvolutionPlan _layer;
    private readonly Action<int, int> _input, _values;
    private readonly AlignedBuffer<float> _gradient;
    private Flow _flow;

    protected ConvolutionGradient(ConvolutionPlan layer)
    {
        _layer = layer;
        _gradient = new(layer.Length);
        _input = (tile, worker) => { if (_flow.Tiles.Live[tile] > 0) Input(_flow, tile, worker); };
        _values = (part, worker) => Weights(_flow, part, worker, _gradient.Span);
    }

    /// <summary>In how many parts the gradient of the weights is computed: a function of the layer alone.</summary>
    protected abstract int Parts { get; }

    /// <inheritdoc/>
    public sealed override void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        _flow = flow;
        if (flow.Wants(_layer.Input))
        {
            BeginInput(flow);
            flow.Plan.Crew.Run(flow.Tiles.PictureTiles, _input);
        }
        flow.Plan.Crew.Run(Parts, _values);
        if (_layer.Bias >= 0)
            flow.Plan.Kernels.ConvolutionBiasGradient(
                _layer.Shape, flow.Gradients(_layer.Output), flow.Tiles.PictureTiles, _gradient.Span[_layer.BiasOffset..]);
        optimizer.Apply(_layer.Offset, _gradient.Span);
    }

    /// <inheritdoc/>
    public override void Dispose() => _gradient.Dispose();

    /// <summary>What the input's gradient needs once for all tiles.</summary>
    protected abstract void BeginInput(Flow flow);

    /// <summary>The gradient at the layer's input, one tile of pictures.</summary>
    protected abstract void Input(Flow flow, int tile, int worker);

    /// <summary>The gradient of some of the weights, over all tiles.</summary>
    protected abstract void Weights(Flow flow, int part, int worker, Span<float> gradient);
}

/// <summary>The gradient of a convolution that stores every weight.</summary>
internal sealed class DenseConvolutionGradient : ConvolutionGradient
{
    private const int OutputsInPart = 16;
    private readonly DenseConvolutionPlan _layer;
    private readonly AlignedBuffer<float> _transposed;
    private readonly AlignedBuffer<float>[] _work;

    public DenseConvolutionGradient(DenseConvolutionPlan layer, NetworkPlan plan) : base(layer)
    {
        _layer = layer;
        _transposed = new(DenseConvolution.PackedLength(layer.Shape, transposed: true));
        int work = DenseConvolution.GradientWorkLength(layer.Shape, OutputsInPart);
        _work = [.. Enumerable.Range(0, plan.Crew.Threads).Select(_ => new AlignedBuffer<float>(work))];
    }

    protected override int Parts => _layer.Shape.PaddedOutputs / OutputsInPart;

    public override void Dispose()
    {
        base.Dispose();
        _transposed.Dispose();
        foreach (AlignedBuffer<float> work in _work) work.Dispose();
    }

    protected override void BeginInput(Flow flow) =>
        flow.Plan.Kernels.DenseConvolutionPack(_layer.Shape, flow.Plan.ValuesOf(_layer), _transposed.Span, transposed: true);

    protected override void Input(Flow flow, int tile, int worker) => flow.Plan.Kernels.DenseConvolutionInputGradient(
        _layer.Shape, _transposed.Span, flow.Gradient(_layer.Output, tile), flow.X.Gate(_layer.Input, tile),
        flow.Dx.At(_layer.Input, tile), _layer.Work(worker));

    protected override void Weights(Flow flow, int part, int worker, Span<float> gradient) =>
        flow.Plan.Kernels.DenseConvolutionWeightGradient(
            _layer.Shape, flow.X.All(_layer.Input), flow.Gradients(_layer.Output), flow.Tiles.PictureTiles,
            (part * OutputsInPart)..((part + 1) * OutputsInPart), gradient, _work[worker].Span);
}

/// <summary>The gradient of a convolution's kept weights alone; those of channels that have left the plan stay zero.</summary>
internal sealed class KeptConvolutionGradient : ConvolutionGradient
{
    private const int Shares = 8;
    private readonly KeptConvolutionPlan _layer;
    private readonly AlignedBuffer<float> _byInput;
    private readonly AlignedBuffer<float>[] _sums;

    public KeptConvolutionGradient(KeptConvolutionPlan layer, NetworkPlan plan) : base(layer)
    {
        _layer = layer;
        _byInput = new(layer.Table.Kept);
        _sums = [.. Enumerable.Range(0, plan.Crew.Threads).Select(_ => new AlignedBuffer<float>(layer.Table.Scratch))];
    }

    protected override int Parts => Shares;

    public override void Dispose()
    {
        base.Dispose();
        _byInput.Dispose();
        foreach (AlignedBuffer<float> sums in _sums) sums.Dispose();
    }

    protected override void BeginInput(Flow flow) => _layer.Table.CopyByInput(flow.Plan.ValuesOf(_layer), _byInput.Span);

    protected override void Input(Flow flow, int tile, int worker) => flow.Plan.Kernels.KeptConvolutionInputGradient(
        _layer.Table, _byInput.Span, flow.Gradient(_layer.Output, tile), flow.X.Gate(_layer.Input, tile),
        flow.Dx.At(_layer.Input, tile));

    protected override void Weights(Flow flow, int part, int worker, Span<float> gradient) =>
        flow.Plan.Kernels.KeptConvolutionWeightGradient(
            _layer.Table, part, Shares, flow.X.All(_layer.Input), flow.Gradients(_layer.Output), flow.Tiles.PictureTiles,
            _sums[worker].Span, gradient, add: false);
}
