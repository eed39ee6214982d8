using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>
/// Softmax, cross-entropy and its gradient: y[class][lane] becomes (softmax − one-hot) × scale; the sum of the losses,
/// in nats, is returned. Lanes from <c>count</c> on are padding: their gradient is 0 and they have no loss.
/// </summary>
/// <remarks>
/// Order: the maximum, then Σ exp(y − max) over classes ascending from +0, in single precision. The loss is
/// log Π Σexp (a double product over lanes ascending, so that one logarithm serves up to 64 lanes) + Σ (max − y[label]).
/// Shapes: y <c>[classes, lanes]</c>, labels <c>[count]</c>; lanes a multiple of 16, at most 64.
/// </remarks>
internal static unsafe class SoftmaxCrossEntropy
{
    private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f, Least = -87f;

    public static double Reference(float* y, byte* labels, int classes, int lanes, int count, float scale)
    {
        double product = 1, sum = 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            float max = y[lane], total = 0;
            for (int c = 1; c < classes; c++) max = y[c * lanes + lane] > max ? y[c * lanes + lane] : max;
            if (lane < count) sum += (double)max - y[labels[lane] * lanes + lane];
            for (int c = 0; c < classes; c++) total += y[c * lanes + lane] = Exp(y[c * lanes + lane] - max);
            if (lane < count) product *= total;
            float factor = scale / total;
            for (int c = 0; c < classes; c++) y[c * lanes + lane] = lane < count ? y[c * lanes + lane] * factor : 0;
            if (lane < count) y[labels[lane] * lanes + lane] -= scale;
        }
        return ExactMath.Log(product) + sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Fast<TWide>(float* y, byte* labels, int classes, int lanes, int count, float scale)
        where TWide : unmanaged, IWide<TWide>
    {
        double product = 1, sum = 0;
        float* totals = stackalloc float[16], maxima = stackalloc float[16];
        for (int block = 0; block < lanes; block += 16)
        {
            TWide max = TWide.Load(y + block), total = TWide.Zero;
            for (int c = 1; c < classes; c++) max = TWide.Max(TWide.Load(y + c * lanes + block), max);
            TWide.Store(maxima, max);
            int live = Math.Min(count - block, 16);
            for (int i = 0; i < live; i++) sum += (double)maxima[i] - y[labels[block + i] * lanes + block + i];
            for (int c = 0; c < classes; c++)
            {
                TWide e = Exp(TWide.Subtract(TWide.Load(y + c * lanes + block), max));
                TWide.Store(y + c * lanes + block, e);
                total = TWide.Add(total, e);
            }
            TWide.Store(totals, total);
            for (int i = 0; i < live; i++) product *= totals[i];
            TWide factor = TWide.Divide(TWide.Broadcast(scale), total);
            for (int c = 0; c < classes; c++)
                TWide.Store(y + c * lanes + block, TWide.Multiply(TWide.Load(y + c * lanes + block), factor));
            for (int i = 0; i < live; i++) y[labels[block + i] * lanes + block + i] -= scale;
            for (int i = Math.Max(live, 0); i < 16; i++)
                for (int c = 0; c < classes; c++) y[c * lanes + block + i] = 0;
        }
        return ExactMath.Log(product) + sum;
    }

    /// <summary>e^x for x ≤ 0, within 2 units in the last place; below −87, e^−87.</summary>
    public static float Exp(float x)
    {
        x = x > Least ? x : Least;
        float n = MathF.Round(x * Log2E);
        float r = MathF.FusedMultiplyAdd(n, -Ln2Low, MathF.FusedMultiplyAdd(n, -Ln2High, x));
        float p = 1.9875691500e-4f;
        p = MathF.FusedMultiplyAdd(p, r, 1.3981999507e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 8.3334519073e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 4.1665795894e-2f);
        p = MathF.FusedMultiplyAdd(p, r, 1.6666665459e-1f);
        p = MathF.FusedMultiplyAdd(p, r, 5.0000001201e-1f);
        p = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(p, r, 1f), r, 1f);
        return p * BitConverter.Int32BitsToSingle((int)n + 127 << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Exp<TWide>(TWide x) where TWide : unmanaged, IWide<TWide>
    {
        x = TWide.Max(x, TWide.Broadcast(Least));
        TWide n = TWide.Round(TWide.Multiply(x, TWide.Broadcast(Log2E)));
        TWide r = TWide.MultiplyAdd(n, TWide.Broadcast(-Ln2High), x);
        r = TWide.MultiplyAdd(n, TWide.Broadcast(-Ln2Low), r);
        TWide p = TWide.Broadcast(1.9875691500e-4f);
        p = TWide.MultiplyAdd(p, r, TWide.Broadcast(1.3981999507e-3f));
        p = TWide.MultiplyAdd(p, r, TWide.Broadcast(8.3334519073e-3f));
        p = TWide.MultiplyAdd(p, r, TWide.Broadcast(4.1665795894e-2f));
        p = TWide.MultiplyAdd(p, r, TWide.Broadcast(1.6666665459e-1f));
        p = TWide.MultiplyAdd(p, r, TWide.Broadcast(5.0000001201e-1f));
        p = TWide.MultiplyAdd(TWide.MultiplyAdd(p, r, TWide.Broadcast(1f)), r, TWide.Broadcast(1f));
        return TWide.Multiply(p, TWide.PowerOfTwo(n));
    }
}
