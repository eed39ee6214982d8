using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Sparse;

/// <summary>gradient[k] (+)= Σ dy[row(k)][lane] × x[input(k)][lane] over lanes, for every kept weight of one tile.</summary>
/// <remarks>
/// Order: sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending; then the
/// tree of <see cref="IWide{T}.Sum"/>.
/// </remarks>
internal unsafe ref struct SparseWeightGradient : IKernel
{
    /// <summary>The kept weights' indices.</summary>
    public required SparseMatrix Matrix;

    /// <summary>The tile of inputs whose weights are meant.</summary>
    public required int Tile;

    /// <summary><c>[inputs, lanes]</c>.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[rows, lanes]</c>.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary><c>[weights of the tile]</c>.</summary>
    public required Span<float> Gradient;

    /// <summary>Lanes, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Whether the sums are added to the gradient's values.</summary>
    public bool Add;

    public readonly void Check()
    {
        (int start, int end) = Matrix.Tile(Tile);
        IKernel.Require(Gradient.Length >= end - start && Dy.Length >= Matrix.Rows * Lanes && Lanes % 16 == 0);
        IKernel.Require(X.Length >= Matrix.Inputs * Lanes);
    }

    public readonly void Reference()
    {
        SparseRows rows = Matrix.ByOutput;
        int start = rows.SegmentStarts[rows.TileSegments[Tile]];
        for (int segment = rows.TileSegments[Tile]; segment < rows.TileSegments[Tile + 1]; segment++)
            for (int k = rows.SegmentStarts[segment]; k < rows.SegmentStarts[segment + 1]; k++)
            {
                float sum = LaneSum.Reference(Dy.Slice(rows.SegmentRows[segment] * Lanes, Lanes), X.Slice(rows.Inputs[k] * Lanes, Lanes));
                Gradient[k - start] = Add ? Gradient[k - start] + sum : sum;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* x = X, dy = Dy, gradient = Gradient)
            if (Lanes == 64 && !Add) Four<TWide>(Matrix.ByOutput, Tile, x, dy, gradient);
            else Any<TWide>(Matrix.ByOutput, Tile, x, dy, gradient, Lanes, Add);
    }

    /// <summary>64 lanes: the row's dy stays in registers, four weights share one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide>(in SparseRows layout, int tile, float* x, float* dy, float* gradient)
        where TWide : unmanaged, IWide<TWide>
    {
        int* rows = layout.SegmentRows, starts = layout.SegmentStarts, inputs = layout.Inputs;
        int from = layout.TileSegments[tile], to = layout.TileSegments[tile + 1];
        int k = starts[from];
        gradient -= k;
        for (int segment = from; segment < to; segment++)
        {
            int end = starts[segment + 1];
            if (k == end) continue;
            float* row = dy + (nint)rows[segment] * 64;
            TWide a = TWide.Load(row), b = TWide.Load(row + 16), c = TWide.Load(row + 32), d = TWide.Load(row + 48);
            for (; k + 4 <= end; k += 4)
                TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 1] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 2] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 3] * 64)).Store(gradient + k);
            Vector128<float> sums = (end - k) switch
            {
                1 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64), TWide.Zero, TWide.Zero, TWide.Zero),
                2 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 1] * 64), TWide.Zero, TWide.Zero),
                3 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 1] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 2] * 64), TWide.Zero),
                _ => Vector128<float>.Zero,
            };
            for (int i = 0; k + i < end; i++) gradient[k + i] = sums[i];
            k = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Product<TWide>(TWide a, TWide b, TWide c, TWide d, float* x) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.MultiplyAdd(a, x, TWide.Zero);
        sum = TWide.MultiplyAdd(b, x + 16, sum);
        sum = TWide.MultiplyAdd(c, x + 32, sum);
        return TWide.MultiplyAdd(d, x + 48, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Any<TWide>(
        in SparseRows layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        where TWide : unmanaged, IWide<TWide>
    {
        int start = layout.SegmentStarts[layout.TileSegments[tile]];
        for (int segment = layout.TileSegments[tile]; segment < layout.TileSegments[tile + 1]; segment++)
        {
            float* row = dy + (nint)layout.SegmentRows[segment] * lanes;
            for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
            {
                float sum = LaneSum.Fast<TWide>(row, x + (nint)layout.Inputs[k] * lanes, lanes);
                gradient[k - start] = add ? gradient[k - start] + sum : sum;
            }
        }
    }
}
