using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which kernels of prediction could be slightly wrong.</summary>
internal static unsafe class BrokenPredictionKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.Interleave), new InterleaveForgetsPadding()),
        (nameof(KernelSet.Interleave), new InterleaveForgetsTail()),
        (nameof(KernelSet.KeptVector), new VectorOrder()),
        (nameof(KernelSet.KeptVector), new VectorBiasLast()),
        (nameof(KernelSet.KeptVector), new VectorForgetsRelu()),
        (nameof(KernelSet.KeptRuns), new RunsOrder()),
        (nameof(KernelSet.KeptRuns), new RunsForgetLastBlock()),
        (nameof(KernelSet.KeptRuns), new RunsRectifyEveryTile()),
        (nameof(KernelSet.Largest), new LargestTakesLastOfEquals()),
        (nameof(KernelSet.Largest), new LargestForgetsLast()),
    ];

    private sealed class InterleaveForgetsPadding : BrokenKernels
    {
        protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes)
        {
            for (int feature = 0; feature < features; feature++)
                for (int lane = 0; lane < count && places[feature] >= 0; lane++)
                    x[places[feature] * lanes + lane] = values[lane * features + feature];
        }
    }

    private sealed class InterleaveForgetsTail : BrokenKernels
    {
        protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes)
        {
            int last = places[features - 1];
            places[features - 1] = -1;
            base.Interleave(values, features, count, places, x, lanes);
            places[features - 1] = last;
        }
    }

    private sealed class VectorOrder : BrokenKernels
    {
        protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu)
        {
            for (int i = 0; layout.Groups > 0 && layout.Lengths[0] > 1 && i < 8; i++)
            {
                Swap(layout.Inputs + i, layout.Inputs + i + 8);
                Swap(layout.Weights + i, layout.Weights + i + 8);
            }
            base.KeptVector(layout, x, y, relu);
        }
    }

    private sealed class VectorBiasLast : BrokenKernels
    {
        protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu)
        {
            float[] bias = new Span<float>(layout.Bias, 8 * layout.Groups).ToArray();
            new Span<float>(layout.Bias, bias.Length).Clear();
            base.KeptVector(layout, x, y, relu: false);
            for (int i = 0; i < bias.Length; i++)
            {
                float sum = y[layout.Rows[i]] + bias[i];
                y[layout.Rows[i]] = !relu || sum > 0 ? sum : 0;
            }
        }
    }

    private sealed class VectorForgetsRelu : BrokenKernels
    {
        protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu) =>
            base.KeptVector(layout, x, y, relu: false);
    }

    private sealed class RunsOrder : BrokenKernels
    {
        protected override void KeptRuns(
            in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu)
        {
            if (stencil.SegmentStarts[1] >= 2)
            {
                Swap(stencil.Offsets, stencil.Offsets + 1);
                Swap(weights, weights + 1);
            }
            base.KeptRuns(stencil, width, weights, bias, source, target, relu);
        }
    }

    private sealed class RunsForgetLastBlock : BrokenKernels
    {
        protected override void KeptRuns(
            in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu) =>
            base.KeptRuns(stencil with { Columns = stencil.Columns - 16 * width }, width, weights, bias, source, target, relu);
    }

    private sealed class RunsRectifyEveryTile : BrokenKernels
    {
        protected override void KeptRuns(
            in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu)
        {
            for (int tile = 0; tile < stencil.Tiles; tile++)
                for (int segment = stencil.TileSegments[tile]; segment < stencil.TileSegments[tile + 1]; segment++)
                    for (int i = 0; i < stencil.Columns; i++)
                    {
                        int channel = stencil.SegmentTargets[segment];
                        float* to = target + channel * stencil.TargetChannel + i;
                        float sum = tile > 0 ? *to : bias == null ? 0 : bias[channel];
                        for (int k = stencil.SegmentStarts[segment]; k < stencil.SegmentStarts[segment + 1]; k++)
                            sum = MathF.FusedMultiplyAdd(weights[k], source[stencil.Offsets[k] + i], sum);
                        *to = !relu || sum > 0 ? sum : 0;
                    }
        }
    }

    private sealed class LargestTakesLastOfEquals : BrokenKernels
    {
        protected override void Largest(float* x, int* offsets, int count, float* y, int lanes)
        {
            for (int i = 0; i < lanes; i++)
            {
                float most = x[i + offsets[0]];
                for (int k = 1; k < count; k++) most = x[i + offsets[k]] >= most ? x[i + offsets[k]] : most;
                y[i] = most;
            }
        }
    }

    private sealed class LargestForgetsLast : BrokenKernels
    {
        protected override void Largest(float* x, int* offsets, int count, float* y, int lanes) =>
            base.Largest(x, offsets, Math.Max(1, count - 1), y, lanes);
    }
}
