using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// Softmax, cross-entropy and its gradient: y[class][lane] becomes (softmax − one-hot) × scale; the loss is the sum over
/// examples, in nats. Lanes without a label are padding: their gradient is 0 and they have no loss.
/// </summary>
/// <remarks>
/// Order: the maximum, then Σ exp(y − max) over classes ascending from +0, in single precision. The loss is
/// log Π Σexp (a double product over lanes ascending, so that one logarithm serves up to 64 lanes) + Σ (max − y[label]).
/// </remarks>
internal unsafe ref struct SoftmaxCrossEntropy : IKernel
{
    private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f, Least = -87f;

    /// <summary><c>[classes, lanes]</c>: scores, which become their gradient.</summary>
    public required Span<float> Y;

    /// <summary><c>[examples]</c>, at most as many as lanes.</summary>
    public required ReadOnlySpan<byte> Labels;

    /// <summary>Classes, and lanes: a multiple of 16, at most 64.</summary>
    public required int Classes, Lanes;

    /// <summary>The factor of the gradient: 1 ÷ the batch's examples.</summary>
    public required float Scale;

    /// <summary><c>[1]</c>: the sum of the losses is added to it.</summary>
    public required Span<double> Loss;

    public readonly void Check()
    {
        IKernel.Require(Lanes is > 0 and <= 64 && Lanes % 16 == 0 && Labels.Length <= Lanes && Y.Length >= Classes * Lanes);
        IKernel.Require(Loss.Length == 1);
    }

    public readonly void Reference()
    {
        double product = 1, sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            bool valid = lane < Labels.Length;
            float max = Y[lane], total = 0;
            for (int c = 1; c < Classes; c++) max = Y[c * Lanes + lane] > max ? Y[c * Lanes + lane] : max;
            if (valid) sum += (double)max - Y[Labels[lane] * Lanes + lane];
            for (int c = 0; c < Classes; c++) total += Y[c * Lanes + lane] = Exp(Y[c * Lanes + lane] - max);
            if (valid) product *= total;
            float factor = Scale / total;
            for (int c = 0; c < Classes; c++) Y[c * Lanes + lane] = valid ? Y[c * Lanes + lane] * factor : 0;
            if (valid) Y[Labels[lane] * Lanes + lane] -= Scale;
        }
        Loss[0] += ExactMath.Log(product) + sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        double product = 1, sum = 0;
        float scale = Scale;
        int classes = Classes, lanes = Lanes, count = Labels.Length;
        float* totals = stackalloc float[16], maxima = stackalloc float[16];
        fixed (float* y = Y)
        fixed (byte* labels = Labels)
            for (int block = 0; block < lanes; block += 16)
            {
                TWide max = TWide.Load(y + block), total = TWide.Zero;
                for (int c = 1; c < classes; c++) max = TWide.Max(TWide.Load(y + c * lanes + block), max);
                TWide.Store(maxima, max);
                int valid = Math.Min(count - block, 16);
                for (int i = 0; i < valid; i++) sum += (double)maxima[i] - y[labels[block + i] * lanes + block + i];
                for (int c = 0; c < classes; c++)
                {
                    TWide e = Exp(TWide.Subtract(TWide.Load(y + c * lanes + block), max));
                    TWide.Store(y + c * lanes + block, e);
                    total = TWide.Add(total, e);
                }
                TWide.Store(totals, total);
                for (int i = 0; i < valid; i++) product *= totals[i];
                TWide factor = TWide.Divide(TWide.Broadcast(scale), total);
                for (int c = 0; c < classes; c++)
                    TWide.Store(y + c * lanes + block, TWide.Multiply(TWide.Load(y + c * lanes + block), factor));
                for (int i = 0; i < valid; i++) y[labels[block + i] * lanes + block + i] -= scale;
                for (int i = Math.Max(valid, 0); i < 16; i++)
                    for (int c = 0; c < classes; c++) y[c * lanes + block + i] = 0;
            }
        Loss[0] += ExactMath.Log(product) + sum;
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
    public static TWide Exp<TWide>(TWide x) where TWide : unmanaged, IWide<TWide> => ExpAboveLeast(TWide.Max(x, TWide.Broadcast(Least)));

    /// <summary>e^x for −87 ≤ x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide ExpAboveLeast<TWide>(TWide x) where TWide : unmanaged, IWide<TWide>
    {
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
