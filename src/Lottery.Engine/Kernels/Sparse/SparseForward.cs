using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// y[row][lane] = bias[row] + Σ weight[k] × x[input(k)][lane] over the row's kept inputs, then max(0, ·) if a ReLU follows.
/// </summary>
/// <remarks>Order: in every lane, bias first, then one fused multiply-add an input, inputs ascending.</remarks>
internal unsafe ref struct SparseForward : IKernel
{
    /// <summary>The kept weights' indices.</summary>
    public required SparseMatrix Matrix;

    /// <summary><c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><c>[rows]</c>.</summary>
    public required ReadOnlySpan<float> Bias;

    /// <summary><c>[inputs, lanes]</c>.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[rows, lanes]</c>.</summary>
    public required Span<float> Y;

    /// <summary>Lanes, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    public readonly void Check()
    {
        IKernel.Require(Weights.Length >= Matrix.Kept && Bias.Length >= Matrix.Rows && Lanes % 16 == 0);
        IKernel.Require(X.Length >= Matrix.Inputs * Lanes && Y.Length >= Matrix.Rows * Lanes);
    }

    public readonly void Reference()
    {
        SparseRows rows = Matrix.ByOutput;
        for (int row = 0; row < rows.Rows; row++) Y.Slice(row * Lanes, Lanes).Fill(Bias[row]);
        for (int segment = 0; segment < rows.TileSegments[rows.Tiles]; segment++)
        {
            Span<float> y = Y.Slice(rows.SegmentRows[segment] * Lanes, Lanes);
            for (int k = rows.SegmentStarts[segment]; k < rows.SegmentStarts[segment + 1]; k++)
                for (int lane = 0; lane < Lanes; lane++)
                    y[lane] = MathF.FusedMultiplyAdd(Weights[k], X[rows.Inputs[k] * Lanes + lane], y[lane]);
        }
        for (int i = 0; Relu && i < rows.Rows * Lanes; i++) Y[i] = Y[i] > 0 ? Y[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        SparseRows rows = Matrix.ByOutput;
        int lanes = Lanes;
        fixed (float* weights = Weights, bias = Bias, x = X, y = Y)
            for (int tile = 0; tile < rows.Tiles; tile++)
            {
                bool first = tile == 0, relu = Relu && tile == rows.Tiles - 1;
                int from = rows.TileSegments[tile], to = rows.TileSegments[tile + 1];
                int block = 0;
                for (; block + 64 <= lanes; block += 64) Block<TWide, FourVectors>(rows, from, to, weights, bias, x + block, y + block, lanes, first, relu);
                for (; block < lanes; block += 16) Block<TWide, OneVector>(rows, from, to, weights, bias, x + block, y + block, lanes, first, relu);
            }
    }

    /// <summary>64 or 16 lanes: as many sums in registers, one broadcast weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TWide, TVectors>(
        in SparseRows layout, int from, int to, float* weights, float* bias, float* x, float* y, nint lanes, bool first, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        int* rows = layout.SegmentRows, starts = layout.SegmentStarts, inputs = layout.Inputs;
        int k = starts[from];
        for (int segment = from; segment < to; segment++)
        {
            int row = rows[segment], end = starts[segment + 1];
            float* target = y + row * lanes;
            TWide a, b, c, d;
            if (first)
            {
                a = b = c = d = TWide.Broadcast(bias[row]);
            }
            else
            {
                a = b = c = d = TWide.Load(target);
                if (TVectors.Count == 4) (b, c, d) = (TWide.Load(target + 16), TWide.Load(target + 32), TWide.Load(target + 48));
            }
            for (; k < end; k++)
            {
                TWide weight = TWide.Broadcast(weights[k]);
                float* source = x + inputs[k] * lanes;
                a = TWide.MultiplyAdd(weight, TWide.Load(source), a);
                if (TVectors.Count == 4) b = TWide.MultiplyAdd(weight, TWide.Load(source + 16), b);
                if (TVectors.Count == 4) c = TWide.MultiplyAdd(weight, TWide.Load(source + 32), c);
                if (TVectors.Count == 4) d = TWide.MultiplyAdd(weight, TWide.Load(source + 48), d);
            }
            Store(target, a, relu);
            if (TVectors.Count == 4) Store(target + 16, b, relu);
            if (TVectors.Count == 4) Store(target + 32, c, relu);
            if (TVectors.Count == 4) Store(target + 48, d, relu);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(float* y, TWide sum, bool relu) where TWide : unmanaged, IWide<TWide> =>
        TWide.Store(y, relu ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
}
