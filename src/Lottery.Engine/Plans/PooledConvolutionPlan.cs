using Lottery.Kernels;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// A convolution of which only the kept weights exist, the ReLU that follows, and 2×2 max pooling: the image before
/// pooling is made in small blocks that never leave the cache.
/// </summary>
internal sealed class PooledConvolutionPlan : KeptConvolutionPlan
{
    private readonly AlignedBuffer<float>[] _blocks;

    /// <summary>The plan of a convolution and the pooling after it, which fit one another.</summary>
    public PooledConvolutionPlan(
        Convolution layer, Network network, BitSet kept, (Signal Input, Signal Made, Signal Output) signals, int offset,
        KernelSet kernels, int threads)
        : base(layer, network, kept, (signals.Input, signals.Output), offset, kernels, signals.Made) =>
        _blocks = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(Table.Pooled.ForwardWorkspaceLength))];

    public override void Dispose()
    {
        base.Dispose();
        foreach (AlignedBuffer<float> block in _blocks) block.Dispose();
    }

    protected override void Forward(Activations x, int tile, int worker) => Kernels.Run(new PooledConvolutionForward
    {
        Table = Table, Weights = x.Plan.ValuesOf(this), Bias = BiasesOf(x.Plan), X = x.At(Input, tile), Y = x.At(Output, tile),
        ArgMax = x.Choices(this, tile), Workspace = _blocks[worker].Span, Relu = Relu,
    });
}
