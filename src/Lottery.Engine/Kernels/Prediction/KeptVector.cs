using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>
/// y[row] = bias[row] + Σ weight × x[input] over the row's kept inputs, then max(0, ·) if asked: a layer for one example.
/// </summary>
/// <remarks>
/// Order: as <see cref="KeptForward"/> in a lane, bias first, then one fused multiply-add an input, inputs ascending.
/// Shapes: x <c>[inputs + 1]</c>, the last one zero; y <c>[rows + 1]</c>, the last one of no meaning afterwards.
/// What this costs is addresses: two inputs' are loaded as one number, and gathering by hand is faster than the
/// instruction for it. So all vector widths have one body.
/// </remarks>
internal static unsafe class KeptVector
{
    public static void Reference(in KeptVectorLayout layout, float* x, float* y, bool relu)
    {
        const int Group = KeptVectorTable.Group;
        for (int group = 0, entry = 0; group < layout.Groups; entry += layout.Lengths[group++])
            for (int i = 0; i < Group; i++)
            {
                float sum = layout.Bias[group * Group + i];
                for (int k = entry; k < entry + layout.Lengths[group]; k++)
                    sum = MathF.FusedMultiplyAdd(x[layout.Inputs[k * Group + i]], layout.Weights[k * Group + i], sum);
                y[layout.Rows[group * Group + i]] = !relu || sum > 0 ? sum : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TCounter>(in KeptVectorLayout layout, float* x, float* y, bool relu)
        where TCounter : struct, ICounter
    {
        int* inputs = layout.Inputs, rows = layout.Rows;
        float* weights = layout.Weights, bias = layout.Bias;
        int groups = layout.Groups;
        for (int group = 0; group < groups; group++, rows += 8, bias += 8)
        {
            Vector128<float> low = Vector128.Load(bias), high = Vector128.Load(bias + 4);
            int length = layout.Lengths[group];
            TCounter.MultiplyAdds(8 * length);
            for (int k = 0; k < length; k++, inputs += 8, weights += 8)
            {
                low = Vector128.FusedMultiplyAdd(Four(x, inputs), Vector128.Load(weights), low);
                high = Vector128.FusedMultiplyAdd(Four(x, inputs + 4), Vector128.Load(weights + 4), high);
            }
            if (relu)
            {
                low &= Vector128.GreaterThan(low, Vector128<float>.Zero);
                high &= Vector128.GreaterThan(high, Vector128<float>.Zero);
            }
            (y[rows[0]], y[rows[1]], y[rows[2]], y[rows[3]]) = (low[0], low[1], low[2], low[3]);
            (y[rows[4]], y[rows[5]], y[rows[6]], y[rows[7]]) = (high[0], high[1], high[2], high[3]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four(float* x, int* inputs)
    {
        ulong first = *(ulong*)inputs, second = *(ulong*)(inputs + 2);
        return Vector128.Create(x[(uint)first], x[first >> 32], x[(uint)second], x[second >> 32]);
    }
}
