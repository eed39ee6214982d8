using Lottery.Kernels.Convolution;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>What a convolution does on the way back.</summary>
internal abstract class ConvolutionGradient(ConvolutionPlan layer) : TiledGradient
{
    /// <summary>The gradient of the layer's values.</summary>
    protected AlignedBuffer<float> Gradient { get; } = new(layer.Length);

    /// <inheritdoc/>
    public override void Begin(Flow flow)
    {
        if (flow.Wants(layer.Input)) BeginInput(flow);
    }

    /// <inheritdoc/>
    public override void Tile(Flow flow, Pass pass, int tile, int worker)
    {
        if (flow.Wants(layer.Input)) Input(flow, tile, worker);
    }

    /// <inheritdoc/>
    public sealed override void End(Flow flow, OptimizerState optimizer)
    {
        Values(flow);
        optimizer.Apply(layer.Offset, Gradient.Span);
    }

    /// <inheritdoc/>
    public override void Dispose() => Gradient.Dispose();

    /// <summary>What the input's gradient needs once for all tiles.</summary>
    protected abstract void BeginInput(Flow flow);

    /// <summary>The gradient at the layer's input, one tile of images.</summary>
    protected abstract void Input(Flow flow, int tile, int worker);

    /// <summary>The gradient of the layer's values, over all tiles, which have been through <see cref="Tile"/>.</summary>
    protected abstract void Values(Flow flow);
}

/// <summary>
/// The gradient of a convolution that stores every weight. Outputs share the weights' out among the threads: each weight is
/// summed over all tiles in order by one thread, so that their number changes no bit.
/// </summary>
internal sealed class DenseConvolutionGradient : ConvolutionGradient
{
    /// <summary>A part transforms all of x anew, so it takes as many outputs as leave two parts, or fill four vectors.</summary>
    private const int MostOutputsInPart = 64;
    private readonly DenseConvolutionPlan _layer;
    private readonly int _outputsInPart;
    private readonly AlignedBuffer<float> _transposed;
    private readonly AlignedBuffer<float>[] _work;
    private readonly Action<int, int> _outputs;
    private Flow _flow;

    public DenseConvolutionGradient(DenseConvolutionPlan layer, NetworkPlan plan) : base(layer)
    {
        _layer = layer;
        _transposed = new(DenseConvolution.PackedLength(layer.Shape, transposed: true));
        _outputsInPart = Math.Clamp(layer.Shape.PaddedOutputs / 32 * 16, 16, MostOutputsInPart);
        int work = DenseConvolution.GradientWorkspaceLength(layer.Shape, _outputsInPart);
        _work = [.. Enumerable.Range(0, plan.ThreadTeam.Threads).Select(_ => new AlignedBuffer<float>(work))];
        _outputs = (part, worker) => Weights(_flow, part, worker);
    }

    public override void Dispose()
    {
        base.Dispose();
        _transposed.Dispose();
        foreach (AlignedBuffer<float> work in _work) work.Dispose();
    }

    protected override void BeginInput(Flow flow) =>
        flow.Plan.Kernels.Run(new ConvolutionPacking
        {
            Shape = _layer.Shape, Weights = flow.Plan.ValuesOf(_layer), Packed = _transposed.Span, Transposed = true,
        });

    protected override void Input(Flow flow, int tile, int worker) => flow.Plan.Kernels.Run(new ConvolutionInputGradient
    {
        Shape = _layer.Shape, Packed = _transposed.Span, Dy = flow.Gradient(_layer.Output, tile), ReluMask = flow.X.Gate(_layer.Input, tile),
        Dx = flow.Dx.At(_layer.Input, tile), Workspace = _layer.Work(worker),
    });

    protected override void Values(Flow flow)
    {
        _flow = flow;
        flow.Plan.ThreadTeam.Run((_layer.Shape.PaddedOutputs + _outputsInPart - 1) / _outputsInPart, _outputs);
        if (_layer.Bias >= 0)
            flow.Plan.Kernels.Run(new ConvolutionBiasGradient
            {
                Shape = _layer.Shape, Dy = flow.Gradients(_layer.Output), LaneGroups = flow.Tiles.ImageTiles,
                Gradient = Gradient.Span[_layer.BiasOffset..],
            });
    }

    private void Weights(Flow flow, int part, int worker) => flow.Plan.Kernels.Run(new ConvolutionWeightGradient
    {
        Shape = _layer.Shape, X = flow.X.All(_layer.Input), Dy = flow.Gradients(_layer.Output), LaneGroups = flow.Tiles.ImageTiles,
        Outputs = (part * _outputsInPart)..Math.Min((part + 1) * _outputsInPart, _layer.Shape.PaddedOutputs), Gradient = Gradient.Span,
        Workspace = _work[worker].Span,
    });
}
