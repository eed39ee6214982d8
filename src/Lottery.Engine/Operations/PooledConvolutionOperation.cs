using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A convolution that stores its kept weights alone, the ReLU that follows, and 2×2 max pooling: the image before pooling
/// is made in small blocks that never leave the cache.
/// </summary>
internal sealed class PooledConvolutionOperation : SparseConvolutionOperation
{
    /// <summary>Rows and columns of a window.</summary>
    private const int PoolSize = 2;

    private readonly int _threads;
    private AlignedBuffer<float>[]? _blocks;

    /// <summary>The operation of a convolution and the pooling after it (<see cref="Fits"/>).</summary>
    public PooledConvolutionOperation(
        Convolution layer, Network network, BitSet kept, (PlanTensor Input, PlanTensor Convolved, PlanTensor Output) tensors, int threads)
        : base(layer, network, kept, tensors.Input, tensors.Output, tensors.Convolved) =>
        _threads = threads;

    /// <summary>True if the convolution and 2×2 pooling after it can be one operation.</summary>
    public static bool Fits(Convolution layer, PlanTensor input, PlanTensor convolved) =>
        PooledConvolutionTable.Fits(ShapeOf(layer.Window, input, convolved));

    /// <summary>For each pooled pixel the index of the largest value in its window.</summary>
    public override int IndexBytes => Table.Pooled.Windows.Output.Length;

    public override bool IsCheapToRecompute => false;

    protected override int WorkspaceLength => Table.Pooled.BackwardWorkspaceLength;

    public override void BeginForward(in ForwardContext context) => _blocks ??= Allocate(_threads, Table.Pooled.ForwardWorkspaceLength);

    public override void Forward(in ForwardContext context, int part, int worker) => context.Kernels.Run(new PooledConvolutionForward
    {
        Table = Table, Weights = context.ParametersOf(this), Bias = BiasesOf(context), X = context.X.At(Input, part),
        Y = context.X.At(Output, part), ArgMax = context.X.Indices(this, part), Workspace = _blocks![worker].Span, Relu = Relu,
    });

    public override void AddTo(SinglePlanBuilder single)
    {
        base.AddTo(single);
        MaxPoolOperation.AddTo(single, Convolved, Output, PoolSize);
    }

    protected override void BackwardTile(in BackwardContext context, int tile, Span<float> work, Span<float> gradient)
    {
        ReadOnlySpan<float> dy = context.Dx.At(Output, tile);
        ReadOnlySpan<byte> argMax = context.X.Indices(this, tile);
        context.Kernels.Run(new PooledConvolutionBackward
        {
            Table = Table, WeightsByInput = ByInput, ArgMax = argMax, Dy = dy, X = context.X.At(Input, tile), ReluMask = Input.HasRelu,
            Dx = context.Dx.Has(Input) ? context.Dx.At(Input, tile) : default, Workspace = work, Gradient = gradient,
        });
        if (HasBias)
            context.Kernels.Run(new PooledConvolutionBiasGradient
            {
                Table = Table, ArgMax = argMax, Dy = dy, Gradient = gradient[Parameters[1].Start..],
            });
    }
}
