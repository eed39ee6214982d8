using Lottery.Kernels.Dense;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelFaults
{
    private static Fault[] Dense =>
    [
        In<ZeroSkippingProduct>("ProductLastBit", k =>
        {
            k.Reference();
            FlipLastBit(ref k.Target[(k.Rows - 1) * k.TargetStride + k.Columns - 1]);
        }),
        In<ZeroSkippingProduct>("ProductDescends", k =>
        {
            for (int row = 0; row < k.Rows; row++)
                for (int column = 0; column < k.Columns; column++)
                {
                    ref float target = ref k.Target[row * k.TargetStride + column];
                    float sum = k.Add ? target : k.Start.IsEmpty ? 0 : k.Start[column];
                    for (int j = 64 * k.Words - 1; j >= 0; j--)
                        if ((k.Nonzero[row * k.Words + j / 64] >> j & 1) != 0)
                            sum = MathF.FusedMultiplyAdd(k.A[row * k.AStride + j], k.M[j * k.MStride + column], sum);
                    target = sum;
                }
        }),
        In<ZeroSkippingProduct>("ProductForgetsToAdd", k => (k with { Add = false }).Reference()),
        In<ZeroSkippingProduct>("ProductForgetsStart", k => (k with { Start = default }).Reference()),
        In<ZeroSkippingProduct>("ProductForgetsLastWord", k =>
        {
            for (int row = 0; k.Words > 1 && row < k.Rows; row++) Edit(k.Nonzero)[row * k.Words + k.Words - 1] = 0;
            k.Reference();
        }),
        In<ZeroSkippingProduct>("ProductForgetsTail", k => (k with { Columns = k.Columns - 16 }).Reference()),
        In<NonzeroBits>("BitsOfNegativeZero", k =>
        {
            k.Reference();
            for (int row = 0; row < k.Rows; row++)
                for (int column = 0; column < k.Columns; column++)
                    if (float.IsNegative(k.A[row * k.Stride + column])) k.Bits[row * ((k.Columns + 63) / 64) + column / 64] |= 1UL << column;
        }),
        In<NonzeroBits>("BitsForgetTail", k =>
        {
            k.Reference();
            k.Bits[k.Rows * ((k.Columns + 63) / 64) - 1] &= ulong.MaxValue >> 1;
        }),
        In<Transpose>("TransposeExchangesTwo", k =>
        {
            k.Reference();
            Swap(ref k.Target[7], ref k.Target[8]);
        }),
        In<Transpose>("TransposeForgetsTail", k => (k with { Columns = k.Columns - 16 }).Reference()),
        In<BiasGradient>("BiasInLaneOrder", k =>
        {
            for (int row = 0; row < k.Rows; row++)
            {
                float sum = 0;
                foreach (float value in k.Dy.Slice(row * k.Lanes, k.Lanes)) sum += value;
                k.Gradient[row] = k.Add ? k.Gradient[row] + sum : sum;
            }
        }),
        In<BiasGradient>("BiasForgetsTail", k => (k with { Rows = k.Rows / 4 * 4 }).Reference()),
    ];
}
