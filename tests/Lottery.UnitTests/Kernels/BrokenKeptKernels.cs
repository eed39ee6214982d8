using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which kept-only kernels could be slightly wrong.</summary>
internal static unsafe class BrokenKeptKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.KeptForward), new ForwardLastBit()),
        (nameof(KernelSet.KeptForward), new ForwardSkipsLastWeight()),
        (nameof(KernelSet.KeptForward), new ForwardOrder()),
        (nameof(KernelSet.KeptForward), new ForwardBiasLast()),
        (nameof(KernelSet.KeptForward), new ForwardRoundsTwice()),
        (nameof(KernelSet.KeptInputGradient), new InputGradientLastBit()),
        (nameof(KernelSet.KeptInputGradient), new InputGradientOrder()),
        (nameof(KernelSet.KeptInputGradient), new InputGradientWithoutGate()),
        (nameof(KernelSet.KeptInputGradient), new InputGradientForgetsTail()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientLastBit()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientForgetsTail()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientForgetsToAdd()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientInLaneOrder()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientFromNegativeZero()),
        (nameof(KernelSet.KeptWeightGradient), new WeightGradientTouchesGuard()),
    ];

    private sealed class ForwardLastBit : BrokenKernels
    {
        protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        {
            base.KeptForward(layout, weights, bias, x, y, lanes, relu);
            if (layout.Rows > 0) FlipLastBit(y + layout.Rows * lanes - 1);
        }
    }

    private sealed class ForwardSkipsLastWeight : BrokenKernels
    {
        protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        {
            if (layout.Kept > 0) weights[layout.Kept - 1] = 0;
            base.KeptForward(layout, weights, bias, x, y, lanes, relu);
        }
    }

    private sealed class ForwardOrder : BrokenKernels
    {
        protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        {
            if (layout.SegmentStarts[1] >= 2)
            {
                Swap(layout.Inputs, layout.Inputs + 1);
                Swap(weights, weights + 1);
            }
            base.KeptForward(layout, weights, bias, x, y, lanes, relu);
        }
    }

    private sealed class ForwardBiasLast : BrokenKernels
    {
        protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        {
            float* zero = stackalloc float[layout.Rows];
            new Span<float>(zero, layout.Rows).Clear();
            base.KeptForward(layout, weights, zero, x, y, lanes, relu: false);
            for (int i = 0; i < layout.Rows * lanes; i++)
            {
                y[i] += bias[i / lanes];
                if (relu && !(y[i] > 0)) y[i] = 0;
            }
        }
    }

    private sealed class ForwardRoundsTwice : BrokenKernels
    {
        protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        {
            for (int i = 0; i < layout.Rows * lanes; i++) y[i] = bias[i / lanes];
            for (int segment = 0; segment < layout.TileSegments[layout.Tiles]; segment++)
                for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                    for (int lane = 0; lane < lanes; lane++)
                        y[layout.SegmentRows[segment] * lanes + lane] += weights[k] * x[layout.Inputs[k] * lanes + lane];
            for (int i = 0; relu && i < layout.Rows * lanes; i++) y[i] = y[i] > 0 ? y[i] : 0;
        }
    }

    private sealed class InputGradientLastBit : BrokenKernels
    {
        protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
        {
            base.KeptInputGradient(columns, weights, dy, x, dx, lanes);
            FlipLastBit(dx);
        }
    }

    private sealed class InputGradientOrder : BrokenKernels
    {
        protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
        {
            if (columns.Starts[1] >= 2)
            {
                Swap(columns.Rows, columns.Rows + 1);
                Swap(columns.Places, columns.Places + 1);
            }
            base.KeptInputGradient(columns, weights, dy, x, dx, lanes);
        }
    }

    private sealed class InputGradientWithoutGate : BrokenKernels
    {
        protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
        {
            for (int i = 0; i < columns.Inputs * lanes; i++)
                if (x[i] == 0) x[i] = 1;
            base.KeptInputGradient(columns, weights, dy, x, dx, lanes);
        }
    }

    private sealed class InputGradientForgetsTail : BrokenKernels
    {
        protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes)
        {
            int last = columns.Order[columns.Inputs - 1] * lanes + lanes - 16;
            var before = new Span<float>(dx + last, 16).ToArray();
            base.KeptInputGradient(columns, weights, dy, x, dx, lanes);
            before.CopyTo(new Span<float>(dx + last, 16));
        }
    }

    private sealed class WeightGradientLastBit : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        {
            base.KeptWeightGradient(layout, tile, x, dy, gradient, lanes, add);
            if (WeightsOf(layout, tile) > 0) FlipLastBit(gradient);
        }
    }

    private sealed class WeightGradientForgetsTail : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        {
            int tail = WeightsOf(layout, tile) - 1;
            float before = tail >= 0 ? gradient[tail] : 0;
            base.KeptWeightGradient(layout, tile, x, dy, gradient, lanes, add);
            if (tail >= 0) gradient[tail] = before;
        }
    }

    private sealed class WeightGradientForgetsToAdd : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add) =>
            base.KeptWeightGradient(layout, tile, x, dy, gradient, lanes, add: false);
    }

    private sealed class WeightGradientInLaneOrder : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        {
            int start = layout.SegmentStarts[layout.TileSegments[tile]];
            for (int segment = layout.TileSegments[tile]; segment < layout.TileSegments[tile + 1]; segment++)
                for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                {
                    float sum = 0;
                    for (int lane = 0; lane < lanes; lane++)
                        sum = MathF.FusedMultiplyAdd(
                            dy[layout.SegmentRows[segment] * lanes + lane], x[layout.Inputs[k] * lanes + lane], sum);
                    gradient[k - start] = add ? gradient[k - start] + sum : sum;
                }
        }
    }

    private sealed class WeightGradientFromNegativeZero : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        {
            base.KeptWeightGradient(layout, tile, x, dy, gradient, lanes, add);
            for (int k = 0; k < WeightsOf(layout, tile); k++)
                if (gradient[k] == 0) gradient[k] = -0f;
        }
    }

    private sealed class WeightGradientTouchesGuard : BrokenKernels
    {
        protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        {
            base.KeptWeightGradient(layout, tile, x, dy, gradient, lanes, add);
            if (tile == layout.Tiles - 1) gradient[WeightsOf(layout, tile)] = 0;
        }
    }

    private static int WeightsOf(in KeptLayout layout, int tile) =>
        layout.SegmentStarts[layout.TileSegments[tile + 1]] - layout.SegmentStarts[layout.TileSegments[tile]];
}
