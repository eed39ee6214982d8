using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// y[row] = bias[row] + Σ weight × x[input] over the row's kept inputs, then max(0, ·) if a ReLU follows: a linear layer for
/// a single example.
/// </summary>
/// <remarks>
/// Order: as <see cref="Sparse.SparseForward"/> in a lane, bias first, then one fused multiply-add an input, inputs
/// ascending. Loading indices is what this costs: two inputs' indices are loaded as one number, and gathering by hand is
/// faster than the gather instruction. So the body is the same for all vector widths.
/// </remarks>
internal unsafe ref struct SingleSparseForward : IKernel
{
    /// <summary>The kept weights.</summary>
    public required SingleSparseTable Table;

    /// <summary><c>[inputs + 1]</c>, the last one zero.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[rows + 1]</c>; the last value has no meaning.</summary>
    public required Span<float> Y;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    public readonly void Check() => IKernel.Require(X.Length > Table.Inputs && Y.Length > Table.Rows);

    public readonly void Reference()
    {
        const int Group = SingleSparseTable.Group;
        SingleSparseLayout layout = Table.Layout;
        for (int group = 0, entry = 0; group < layout.Groups; entry += layout.Lengths[group++])
            for (int i = 0; i < Group; i++)
            {
                float sum = layout.Bias[group * Group + i];
                for (int k = entry; k < entry + layout.Lengths[group]; k++)
                    sum = MathF.FusedMultiplyAdd(X[layout.Inputs[k * Group + i]], layout.Weights[k * Group + i], sum);
                Y[layout.Rows[group * Group + i]] = !Relu || sum > 0 ? sum : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        SingleSparseLayout layout = Table.Layout;
        bool relu = Relu;
        int* inputs = layout.Inputs, rows = layout.Rows;
        float* weights = layout.Weights, bias = layout.Bias;
        int groups = layout.Groups;
        fixed (float* x = X, y = Y)
            for (int group = 0; group < groups; group++, rows += 8, bias += 8)
            {
                Vector128<float> low = Vector128.Load(bias), high = Vector128.Load(bias + 4);
                int length = layout.Lengths[group];
                for (int k = 0; k < length; k++, inputs += 8, weights += 8)
                {
                    low = TWide.MultiplyAdd(Four(x, inputs), Vector128.Load(weights), low);
                    high = TWide.MultiplyAdd(Four(x, inputs + 4), Vector128.Load(weights + 4), high);
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
