using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which the kernels around the products, and the updates, could be slightly wrong.</summary>
internal static unsafe class BrokenElementwiseKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.Rectify), new RectifyKeepsNegativeZero()),
        (nameof(KernelSet.Rectify), new RectifyForgetsTail()),
        (nameof(KernelSet.BiasGradient), new BiasInLaneOrder()),
        (nameof(KernelSet.BiasGradient), new BiasForgetsTail()),
        (nameof(KernelSet.SoftmaxCrossEntropy), new SoftmaxLossOff()),
        (nameof(KernelSet.SoftmaxCrossEntropy), new SoftmaxForgetsPadding()),
        (nameof(KernelSet.SoftmaxCrossEntropy), new SoftmaxOfTheLibrary()),
        (nameof(KernelSet.AssembleBatch), new AssembleByReciprocal()),
        (nameof(KernelSet.AssembleBatch), new AssembleForgetsTail()),
        (nameof(KernelSet.AssembleBatch), new AssembleForgetsPadding()),
        (nameof(KernelSet.AssembleBatch), new AssembleShiftsPadding()),
        (nameof(KernelSet.AssembleBatch), new AssembleScalesByTheFirstChannel()),
        (nameof(KernelSet.AdamUpdate), new AdamKeepsTinyMoments()),
        (nameof(KernelSet.AdamUpdate), new AdamRoundsTwice()),
        (nameof(KernelSet.SgdUpdate), new SgdKeepsTinyVelocity()),
        (nameof(KernelSet.SgdUpdate), new SgdForgetsTail()),
        (nameof(KernelSet.Freeze), new FreezeAtZero()),
        (nameof(KernelSet.Freeze), new FreezeForgetsTail()),
    ];

    private sealed class RectifyKeepsNegativeZero : BrokenKernels
    {
        protected override void Rectify(float* gate, float* value, int count)
        {
            for (int i = 0; i < count; i++) value[i] = gate[i] >= 0 ? value[i] : 0;
        }
    }

    private sealed class RectifyForgetsTail : BrokenKernels
    {
        protected override void Rectify(float* gate, float* value, int count) => base.Rectify(gate, value, count - 1);
    }

    private sealed class BiasInLaneOrder : BrokenKernels
    {
        protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add)
        {
            for (int row = 0; row < rows; row++)
            {
                float sum = 0;
                for (int lane = 0; lane < lanes; lane++) sum += dy[row * lanes + lane];
                gradient[row] = add ? gradient[row] + sum : sum;
            }
        }
    }

    private sealed class BiasForgetsTail : BrokenKernels
    {
        protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
            base.BiasGradient(dy, gradient, rows / 4 * 4, lanes, add);
    }

    private sealed class SoftmaxLossOff : BrokenKernels
    {
        protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
            double.BitIncrement(base.SoftmaxCrossEntropy(y, labels, classes, lanes, count, scale));
    }

    private sealed class SoftmaxForgetsPadding : BrokenKernels
    {
        protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale)
        {
            double loss = base.SoftmaxCrossEntropy(y, labels, classes, lanes, count, scale);
            if (count < lanes) y[classes * lanes - 1] = 1e-30f;
            return loss;
        }
    }

    private sealed class SoftmaxOfTheLibrary : BrokenKernels
    {
        protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale)
        {
            float max = y[0], total = 0;
            for (int c = 0; c < classes; c++) max = Math.Max(max, y[c * lanes]);
            for (int c = 0; c < classes; c++) total += MathF.Exp(y[c * lanes] - max);
            float first = MathF.Exp(y[0] - max) * (scale / total) - (labels[0] == 0 ? scale : 0);
            double loss = base.SoftmaxCrossEntropy(y, labels, classes, lanes, count, scale);
            y[0] = first;
            return loss;
        }
    }

    private sealed class AssembleByReciprocal : BrokenKernels
    {
        protected override void AssembleBatch(
            byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes)
        {
            base.AssembleBatch(pixels, features, examples, count, next, places, scale, channels, x, lanes);
            for (int feature = 0; feature < features; feature++)
                for (int lane = 0; lane < count && places[feature] >= 0; lane++)
                    x[places[feature] * lanes + lane] = pixels[examples[lane] * features + feature] * scale[3 * (feature / (features / channels))] + scale[3 * (feature / (features / channels)) + 2];
        }
    }

    private sealed class AssembleForgetsTail : BrokenKernels
    {
        protected override void AssembleBatch(
            byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes)
        {
            int* whole = stackalloc int[features];
            for (int i = 0; i < features; i++) whole[i] = i < features / 16 * 16 ? places[i] : -1;
            base.AssembleBatch(pixels, features, examples, count, next, whole, scale, channels, x, lanes);
        }
    }

    private sealed class AssembleForgetsPadding : BrokenKernels
    {
        protected override void AssembleBatch(
            byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes)
        {
            int* repeated = stackalloc int[lanes];
            for (int i = 0; i < lanes; i++) repeated[i] = examples[i < count ? i : 0];
            base.AssembleBatch(pixels, features, repeated, lanes, null, places, scale, channels, x, lanes);
        }
    }

    private sealed class AssembleShiftsPadding : BrokenKernels
    {
        protected override void AssembleBatch(
            byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes)
        {
            base.AssembleBatch(pixels, features, examples, count, next, places, scale, channels, x, lanes);
            for (int feature = 0; feature < features; feature++)
                for (int lane = count; lane < lanes && places[feature] >= 0; lane++)
                    x[places[feature] * lanes + lane] = scale[3 * (feature / (features / channels)) + 2];
        }
    }

    private sealed class AssembleScalesByTheFirstChannel : BrokenKernels
    {
        protected override void AssembleBatch(
            byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes) =>
            base.AssembleBatch(pixels, features, examples, count, next, places, scale, 1, x, lanes);
    }

    private sealed class AdamKeepsTinyMoments : BrokenKernels
    {
        protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants c)
        {
            float* first = stackalloc float[count];
            for (int i = 0; i < count; i++) first[i] = MathF.FusedMultiplyAdd(m[i], c.Beta1, g[i] * c.OneMinusBeta1);
            base.AdamUpdate(w, m, v, g, count, c);
            new Span<float>(first, count).CopyTo(new Span<float>(m, count));
        }
    }

    private sealed class AdamRoundsTwice : BrokenKernels
    {
        protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants c)
        {
            float[] before = new Span<float>(w, count).ToArray();
            base.AdamUpdate(w, m, v, g, count, c);
            for (int i = 0; i < count; i++)
            {
                float quotient = m[i] / (MathF.Sqrt(v[i]) + c.Epsilon), move = quotient * c.Step;
                w[i] = before[i] - move;
            }
        }
    }

    private sealed class SgdKeepsTinyVelocity : BrokenKernels
    {
        protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants c)
        {
            for (int i = 0; i < count; i++)
            {
                v[i] = MathF.FusedMultiplyAdd(v[i], c.Momentum, MathF.FusedMultiplyAdd(w[i], c.Decay, g[i]));
                w[i] = MathF.FusedMultiplyAdd(v[i], -c.Rate, w[i]);
            }
        }
    }

    private sealed class SgdForgetsTail : BrokenKernels
    {
        protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants c) =>
            base.SgdUpdate(w, v, g, count - 1, c);
    }

    private sealed class FreezeForgetsTail : BrokenKernels
    {
        protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
            base.Freeze(value, frozen, trained, count - 1);
    }

    private sealed class FreezeAtZero : BrokenKernels
    {
        protected override void Freeze(float* value, float* frozen, float* trained, int count)
        {
            for (int i = 0; i < count; i++) value[i] = trained[i] >= 0 ? value[i] : frozen[i];
        }
    }
}
