using Lottery.Kernels.Convolution;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Sparse;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// The gradient of a convolution's kept weights alone; those of channels that have left the plan stay zero. Each tile has
/// sums of its own, made while its gradient is in the cache, and these are added in the order of tiles.
/// </summary>
internal class KeptConvolutionGradient : ConvolutionGradient
{
    private readonly KeptConvolutionPlan _layer;
    private readonly ITiledPlan? _before;
    private readonly AlignedBuffer<float> _byInput;
    private readonly AlignedBuffer<float>[] _work;
    private AlignedBuffer<float>[] _ofTiles = [];

    public KeptConvolutionGradient(KeptConvolutionPlan layer, NetworkPlan plan) : this(layer, plan, layer.Table.WorkspaceLength)
    {
    }

    protected KeptConvolutionGradient(KeptConvolutionPlan layer, NetworkPlan plan, int scratch) : base(layer)
    {
        _layer = layer;
        _before = plan.MadeAgain(layer.Input);
        _byInput = new(layer.Table.Kept);
        _work = [.. Enumerable.Range(0, plan.ThreadTeam.Threads).Select(_ => new AlignedBuffer<float>(scratch))];
    }

    /// <summary>The weights in the order in which the gradient at the input walks them.</summary>
    protected ReadOnlySpan<float> ByInput => _byInput.Span;

    public sealed override void Begin(Flow flow)
    {
        base.Begin(flow);
        if (_ofTiles.Length == 0)
            _ofTiles = [.. Enumerable.Range(0, flow.Tiles.ImageTiles).Select(_ => new AlignedBuffer<float>(_layer.Length))];
    }

    public sealed override void Tile(Flow flow, Pass pass, int tile, int worker)
    {
        _before?.Tile(flow.X, pass, tile, worker);
        base.Tile(flow, pass, tile, worker);
        Values(flow, tile, _work[worker].Span, _ofTiles[tile].Span);
    }

    public sealed override void Dispose()
    {
        base.Dispose();
        _byInput.Dispose();
        foreach (AlignedBuffer<float> buffer in _work.Concat(_ofTiles)) buffer.Dispose();
    }

    /// <summary>The gradient of the layer's values, of one tile of images.</summary>
    /// <param name="flow">What flows back.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="work">Room for the thread's work.</param>
    /// <param name="gradient">As the layer's values lie.</param>
    protected virtual void Values(Flow flow, int tile, Span<float> work, Span<float> gradient)
    {
        ReadOnlySpan<float> dy = flow.Gradient(_layer.Output, tile);
        flow.Plan.Kernels.Run(new SparseConvolutionWeightGradient
        {
            Table = _layer.Table, Part = 0, Parts = 1, X = flow.X.At(_layer.Input, tile), Dy = dy, LaneGroups = 1, Workspace = work,
            Gradient = gradient,
        });
        if (_layer.Bias >= 0)
            flow.Plan.Kernels.Run(new ConvolutionBiasGradient
            {
                Shape = _layer.Shape, Dy = dy, LaneGroups = 1, Gradient = gradient[_layer.BiasOffset..],
            });
    }

    protected sealed override void BeginInput(Flow flow) => _layer.Table.CopyByInput(flow.Plan.ValuesOf(_layer), _byInput.Span);

    protected override void Input(Flow flow, int tile, int worker) => flow.Plan.Kernels.Run(new SparseConvolutionInputGradient
    {
        Table = _layer.Table, WeightsByInput = ByInput, Dy = flow.Gradient(_layer.Output, tile), ReluMask = flow.X.Gate(_layer.Input, tile),
        Dx = flow.Dx.At(_layer.Input, tile),
    });

    protected sealed override void Values(Flow flow)
    {
        _ofTiles[0].Span.CopyTo(Gradient.Span);
        for (int tile = 1; tile < _ofTiles.Length; tile++)
            if (flow.Tiles.Live[tile] > 0)
                flow.Plan.Kernels.Run(new AddForward { A = Gradient.Span, B = _ofTiles[tile].Span, Y = Gradient.Span, Relu = false });
    }
}

/// <summary>The same through the pooling after the convolution; the gradient at the input comes with that of the weights.</summary>
internal sealed class PooledConvolutionGradient(PooledConvolutionPlan layer, NetworkPlan plan)
    : KeptConvolutionGradient(layer, plan, layer.Table.Pooled.BackwardWorkspaceLength)
{
    protected override void Input(Flow flow, int tile, int worker)
    {
    }

    protected override void Values(Flow flow, int tile, Span<float> work, Span<float> gradient)
    {
        ReadOnlySpan<float> dy = flow.Gradient(layer.Output, tile);
        ReadOnlySpan<byte> argMax = flow.X.Choices(layer, tile);
        flow.Plan.Kernels.Run(new PooledConvolutionBackward
        {
            Table = layer.Table, WeightsByInput = ByInput, ArgMax = argMax, Dy = dy, X = flow.X.At(layer.Input, tile),
            ReluMask = layer.Input.Rectified, Dx = flow.Wants(layer.Input) ? flow.Dx.At(layer.Input, tile) : default, Workspace = work,
            Gradient = gradient,
        });
        if (layer.Bias >= 0)
            flow.Plan.Kernels.Run(new PooledConvolutionBiasGradient
            {
                Table = layer.Table, ArgMax = argMax, Dy = dy, Gradient = gradient[layer.BiasOffset..],
            });
    }
}
