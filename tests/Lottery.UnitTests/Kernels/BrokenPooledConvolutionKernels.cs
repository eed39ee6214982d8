using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which convolutions with pooling after them could be slightly wrong.</summary>
internal static unsafe class BrokenPooledConvolutionKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.PooledConvolution), new PooledLastBit()),
        (nameof(KernelSet.PooledConvolution), new PooledForgetsThatNobodyWon()),
        (nameof(KernelSet.PooledConvolution), new PooledLastOfEquals()),
        (nameof(KernelSet.PooledConvolutionGradient), new UnpooledWithoutGate()),
        (nameof(KernelSet.PooledConvolutionGradient), new UnpooledFirstAlwaysWins()),
        (nameof(KernelSet.PooledConvolutionGradient), new UnpooledGradientLastBit()),
        (nameof(KernelSet.PooledBiasGradient), new UnpooledBiasByWindows()),
    ];

    private sealed class PooledLastBit : BrokenKernels
    {
        protected override void PooledConvolutionForward(
            in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
            byte* winner, float* block, bool relu)
        {
            base.PooledConvolutionForward(stencil, shape, pool, weights, bias, x, y, winner, block, relu);
            if (shape.Outputs > 0) FlipLastBit(y + pool.Output.Offset(shape.Outputs - 1, 0, 0));
        }
    }

    private sealed class PooledForgetsThatNobodyWon : BrokenKernels
    {
        protected override void PooledConvolutionForward(
            in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
            byte* winner, float* block, bool relu)
        {
            base.PooledConvolutionForward(stencil, shape, pool, weights, bias, x, y, winner, block, relu);
            for (int i = 0; i < pool.Output.Length; i++) winner[i] = winner[i] == PooledConvolve.Nobody ? (byte)0 : winner[i];
        }
    }

    private sealed class PooledLastOfEquals : BrokenKernels
    {
        protected override void PooledConvolutionForward(
            in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
            byte* winner, float* block, bool relu)
        {
            base.PooledConvolutionForward(stencil, shape, pool, weights, bias, x, y, winner, block, relu);
            if (!relu && bias == null && shape.Outputs > 0 && y[pool.Output.Offset(0, 0, 0)] == 0) winner[pool.Output.Offset(0, 0, 0)] = 3;
        }
    }

    private sealed class UnpooledWithoutGate : BrokenKernels
    {
        protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table) =>
            base.PooledConvolutionBack(pass with { Gate = null }, table);
    }

    private sealed class UnpooledFirstAlwaysWins : BrokenKernels
    {
        protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table)
        {
            byte* first = stackalloc byte[pass.Pool.Output.Length];
            base.PooledConvolutionBack(pass with { Winner = first }, table);
        }
    }

    private sealed class UnpooledGradientLastBit : BrokenKernels
    {
        protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table)
        {
            base.PooledConvolutionBack(pass, table);
            if (table.Kept > 0) FlipLastBit(pass.Gradient + table.Kept - 1);
        }
    }

    private sealed class UnpooledBiasByWindows : BrokenKernels
    {
        protected override void PooledBiasGradient(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient)
        {
            float* sums = stackalloc float[16];
            for (int channel = 0; channel < shape.Outputs; channel++)
            {
                new Span<float>(sums, 16).Clear();
                for (int row = 0; row < pool.Output.Rows; row++)
                    for (int i = 0; i < pool.Output.Columns * 16; i++)
                    {
                        int place = pool.Output.Offset(channel, row, 0) + i;
                        sums[i % 16] += winner[place] < PooledConvolve.Nobody ? dy[place] : 0;
                    }
                gradient[channel] = LaneSum.Tree(sums);
            }
        }
    }
}
