using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which kept-only convolutions could be slightly wrong.</summary>
internal static unsafe class BrokenKeptConvolutionKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.KeptConvolution), new SumLastBit()),
        (nameof(KernelSet.KeptConvolution), new SumOrder()),
        (nameof(KernelSet.KeptConvolution), new SumRoundsTwice()),
        (nameof(KernelSet.KeptConvolution), new SumForgetsEmptyTargets()),
        (nameof(KernelSet.KeptConvolution), new SumForgetsLastColumn()),
        (nameof(KernelSet.KeptConvolution), new SumForgetsBias()),
        (nameof(KernelSet.KeptConvolution), new SumWritesBorder()),
        (nameof(KernelSet.KeptConvolutionInputGradient), new SumWithoutGate()),
        (nameof(KernelSet.KeptConvolutionInputGradient), new SumForgetsLastRow()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationLastBit()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationForgetsLastWeight()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationForgetsLastTile()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationInRowOrder()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationForgetsToAdd()),
        (nameof(KernelSet.KeptConvolutionWeightGradient), new CorrelationWritesPastItsSums()),
    ];

    private sealed class SumLastBit : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu)
        {
            base.KeptConvolutionForward(s, weights, bias, x, y, relu);
            if (s.Targets > 0) FlipLastBit(y + s.TargetStart + (s.Targets - 1) * s.TargetChannel);
        }
    }

    private sealed class SumOrder : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu)
        {
            bool two = s.Targets > 0 && s.SegmentStarts[1] >= 2;
            if (two) Exchange(s, weights);
            base.KeptConvolutionForward(s, weights, bias, x, y, relu);
            if (two) Exchange(s, weights);
        }

        private static void Exchange(in KeptStencil s, float* weights)
        {
            Swap(s.Offsets, s.Offsets + 1);
            Swap(weights, weights + 1);
        }
    }

    private sealed class SumRoundsTwice : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu)
        {
            base.KeptConvolutionForward(s, weights, bias, x, y, relu);
            if (s.Targets == 0 || s.Tiles > 1 || s.Rows * s.Columns == 0) return;
            int channel = s.SegmentTargets[0];
            float sum = bias == null ? 0 : bias[channel];
            for (int k = 0; k < s.SegmentStarts[1]; k++)
            {
                float product = weights[k] * x[s.SourceStart + s.Offsets[k]];
                sum += product;
            }
            y[s.TargetStart + channel * s.TargetChannel] = relu && !(sum > 0) ? 0 : sum;
        }
    }

    private sealed class SumForgetsEmptyTargets : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu)
        {
            int last = s.Targets - 1;
            if (last < 0) return;
            int end = s.TileSegments[s.Tiles];
            if (s.SegmentStarts[end] == s.SegmentStarts[end - 1] && s.Tiles == 1) s.TileSegments[1]--;
            base.KeptConvolutionForward(s, weights, bias, x, y, relu);
            s.TileSegments[s.Tiles] = end;
        }
    }

    private sealed class SumForgetsLastColumn : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu) =>
            base.KeptConvolutionForward(s with { Columns = s.Columns / 2 * 2 }, weights, bias, x, y, relu);
    }

    private sealed class SumForgetsLastRow : BrokenKernels
    {
        protected override void KeptConvolutionGather(
            in KeptStencil s, float* weights, float* dy, float* gate, float* dx) =>
            base.KeptConvolutionGather(s with { Rows = s.Rows / 2 * 2 }, weights, dy, gate, dx);
    }

    private sealed class SumForgetsBias : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu) =>
            base.KeptConvolutionForward(s, weights, null, x, y, relu);
    }

    private sealed class SumWritesBorder : BrokenKernels
    {
        protected override void KeptConvolutionForward(
            in KeptStencil s, float* weights, float* bias, float* x, float* y, bool relu) =>
            base.KeptConvolutionForward(s with { Columns = s.Columns + 1 }, weights, bias, x, y, relu);
    }

    private sealed class SumWithoutGate : BrokenKernels
    {
        protected override void KeptConvolutionGather(
            in KeptStencil s, float* weights, float* dy, float* gate, float* dx) =>
            base.KeptConvolutionGather(s, weights, dy, null, dx);
    }

    private sealed class CorrelationLastBit : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add)
        {
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles, sums, gradient, add);
            if (share == 0 && Kept(c) > 0) FlipLastBit(gradient + c.Places[0]);
        }
    }

    private sealed class CorrelationForgetsLastWeight : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add)
        {
            int last = Kept(c) - 1;
            float before = last < 0 ? 0 : gradient[c.Places[last]];
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles, sums, gradient, add);
            if (last >= 0) gradient[c.Places[last]] = before;
        }
    }

    private sealed class CorrelationForgetsLastTile : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add) =>
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles > 1 ? tiles - 1 : tiles, sums, gradient, add);
    }

    private sealed class CorrelationInRowOrder : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add)
        {
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles, sums, gradient, add);
            if (Kept(c) == 0 || c.Shape.OutputColumns <= 4 || tiles > 1 || add) return;
            float* lanes = stackalloc float[16], first = x + c.Shape.InputStart + c.Offsets[0];
            float* d = dy + c.Shape.OutputStart + c.SegmentOutputs[0] * c.Shape.OutputChannel;
            for (int row = 0; row < c.Shape.OutputRows; row++)
                for (int column = 0; column < c.Shape.OutputColumns; column++)
                    for (int lane = 0; lane < 16; lane++)
                        lanes[lane] = MathF.FusedMultiplyAdd(
                            d[row * c.Shape.OutputRow + column * 16 + lane],
                            first[c.Shape.Stride * (row * c.Shape.InputRow + column * 16) + lane],
                            lanes[lane]);
            gradient[c.Places[0]] = LaneSum.Tree(lanes);
        }
    }

    private sealed class CorrelationForgetsToAdd : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add) =>
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles, sums, gradient, add: false);
    }

    private sealed class CorrelationWritesPastItsSums : BrokenKernels
    {
        protected override void KeptConvolutionCorrelate(
            in KeptCorrelation c, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add)
        {
            base.KeptConvolutionCorrelate(c, share, shares, x, dy, tiles, sums, gradient, add);
            if (c.Tiles == 1) sums[16 * Kept(c)] = 0;
        }
    }

    private static int Kept(in KeptCorrelation c) => c.FirstWeight(c.Tiles);
}
