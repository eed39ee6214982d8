using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which batch normalization could be slightly wrong.</summary>
internal static unsafe class BrokenNormalizationKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.BatchMoments), new MomentsCountPadding()),
        (nameof(KernelSet.BatchMoments), new MomentsInOneSum()),
        (nameof(KernelSet.BatchMoments), new MomentsByOneLessThanTheCount()),
        (nameof(KernelSet.Normalize), new NormalizeRoundsTwice()),
        (nameof(KernelSet.Normalize), new NormalizeInTheBorder()),
        (nameof(KernelSet.GradientMoments), new GradientMomentsCountPadding()),
        (nameof(KernelSet.GradientMoments), new GradientMomentsNotCentered()),
        (nameof(KernelSet.NormalizeGradient), new NormalizeGradientInPadding()),
        (nameof(KernelSet.NormalizeGradient), new NormalizeGradientForgetsGate()),
    ];

    private sealed class MomentsCountPadding : BrokenKernels
    {
        protected override Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x)
        {
            int* all = stackalloc int[tiles];
            new Span<int>(all, tiles).Fill(16);
            return base.BatchMoments(shape, channel, all, tiles, x);
        }
    }

    private sealed class MomentsInOneSum : BrokenKernels
    {
        protected override Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x)
        {
            double sum = 0;
            foreach (int place in ImageData.Places(shape.Input))
                for (int tile = 0; tile < tiles; tile++)
                    if (place / shape.Input.ChannelStride == channel && place % 16 < live[tile]) sum += x[tile * shape.Input.Length + place];
            Moments moments = base.BatchMoments(shape, channel, live, tiles, x);
            return moments with { Mean = (float)(sum / moments.Count) };
        }
    }

    private sealed class MomentsByOneLessThanTheCount : BrokenKernels
    {
        protected override Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x)
        {
            Moments moments = base.BatchMoments(shape, channel, live, tiles, x);
            return moments with { Variance = moments.Variance * moments.Count / (moments.Count - 1) };
        }
    }

    private sealed class NormalizeRoundsTwice : BrokenKernels
    {
        protected override void Normalize(
            in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Normalize.Constants c)
        {
            for (int tile = 0; tile < tiles; tile++)
                for (int i = 0; i < shape.Input.Pixels * 16; i++)
                {
                    (int row, int column) = (i / 16 / shape.Input.Columns, i / 16 % shape.Input.Columns);
                    float product = (x[tile * shape.Input.Length + shape.Input.Offset(channel, row, column) + i % 16] - c.Mean) * c.Scale;
                    float value = product + c.Shift;
                    y[tile * shape.Output.Length + shape.Output.Offset(channel, row, column) + i % 16] = !c.Relu || value > 0 ? value : 0;
                }
        }
    }

    private sealed class NormalizeInTheBorder : BrokenKernels
    {
        protected override void Normalize(
            in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Normalize.Constants c)
        {
            base.Normalize(shape, channel, tiles, x, y, c);
            if (shape.Output.Border > 0) y[tiles * shape.Output.Length - 1] = c.Shift;
        }
    }

    private sealed class GradientMomentsCountPadding : BrokenKernels
    {
        protected override (double Sum, double Product) GradientMoments(
            in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean)
        {
            int* all = stackalloc int[tiles];
            new Span<int>(all, tiles).Fill(16);
            return base.GradientMoments(shape, channel, all, tiles, x, dy, mean);
        }
    }

    private sealed class GradientMomentsNotCentered : BrokenKernels
    {
        protected override (double Sum, double Product) GradientMoments(
            in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean)
        {
            (double sum, double product) = base.GradientMoments(shape, channel, live, tiles, x, dy, 0);
            return (sum, product - mean * sum);
        }
    }

    private sealed class NormalizeGradientInPadding : BrokenKernels
    {
        protected override void NormalizeGradient(
            in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx,
            in NormalizeGradient.Constants c)
        {
            base.NormalizeGradient(shape, channel, live, tiles, x, dy, dx, c);
            if (live[0] < 16) dx[shape.Input.Offset(channel, 0, 0) + 15] = 1e-30f;
        }
    }

    private sealed class NormalizeGradientForgetsGate : BrokenKernels
    {
        protected override void NormalizeGradient(
            in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx,
            in NormalizeGradient.Constants c) =>
            base.NormalizeGradient(shape, channel, live, tiles, x, dy, dx, c with { Gated = false });
    }
}
