using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// dx[input][lane] = Σ weight × dy[row][lane] over the input's kept weights: the gradient at a layer's input, 0 where the
/// ReLU mask is not above 0.
/// </summary>
/// <remarks>Order: in every lane, from +0, one fused multiply-add a row, rows ascending.</remarks>
internal unsafe ref struct SparseInputGradient : IKernel
{
    /// <summary>The kept weights' indices.</summary>
    public required SparseMatrix Matrix;

    /// <summary><c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><c>[rows, lanes]</c>.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary><c>[inputs, lanes]</c>: the layer's input where a ReLU computed it; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary><c>[inputs, lanes]</c>.</summary>
    public required Span<float> Dx;

    /// <summary>Lanes, a multiple of 16.</summary>
    public required int Lanes;

    public readonly void Check()
    {
        IKernel.Require(Weights.Length >= Matrix.Kept && Dy.Length >= Matrix.Rows * Lanes && Lanes % 16 == 0);
        IKernel.Require((ReluMask.IsEmpty || ReluMask.Length >= Matrix.Inputs * Lanes) && Dx.Length >= Matrix.Inputs * Lanes);
    }

    public readonly void Reference()
    {
        SparseColumns columns = Matrix.ByInput;
        for (int position = 0; position < columns.Inputs; position++)
            for (int lane = 0; lane < Lanes; lane++)
            {
                float sum = 0;
                for (int e = columns.Starts[position]; e < columns.Starts[position + 1]; e++)
                    sum = MathF.FusedMultiplyAdd(Weights[columns.Indices[e]], Dy[columns.Rows[e] * Lanes + lane], sum);
                int i = columns.Order[position] * Lanes + lane;
                Dx[i] = ReluMask.IsEmpty || ReluMask[i] > 0 ? sum : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        SparseColumns columns = Matrix.ByInput;
        int lanes = Lanes, block = 0;
        fixed (float* weights = Weights, dy = Dy, mask = ReluMask, dx = Dx)
        {
            for (; block + 64 <= lanes; block += 64)
                Block<TWide, FourVectors>(columns, weights, dy + block, mask == null ? null : mask + block, dx + block, lanes);
            for (; block < lanes; block += 16)
                Block<TWide, OneVector>(columns, weights, dy + block, mask == null ? null : mask + block, dx + block, lanes);
        }
    }

    /// <summary>64 or 16 lanes: as many sums in registers, one broadcast weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TWide, TVectors>(in SparseColumns columns, float* weights, float* dy, float* mask, float* dx, nint lanes)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        int* order = columns.Order, starts = columns.Starts, rows = columns.Rows, indices = columns.Indices;
        int entry = 0;
        for (int position = 0; position < columns.Inputs; position++)
        {
            int end = starts[position + 1];
            TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
            for (; entry < end; entry++)
            {
                TWide weight = TWide.Broadcast(weights[indices[entry]]);
                float* source = dy + rows[entry] * lanes;
                a = TWide.MultiplyAdd(weight, TWide.Load(source), a);
                if (TVectors.Count == 4) b = TWide.MultiplyAdd(weight, TWide.Load(source + 16), b);
                if (TVectors.Count == 4) c = TWide.MultiplyAdd(weight, TWide.Load(source + 32), c);
                if (TVectors.Count == 4) d = TWide.MultiplyAdd(weight, TWide.Load(source + 48), d);
            }
            nint at = order[position] * lanes;
            TWide.Store(dx + at, Masked(mask, at, a));
            if (TVectors.Count == 4) TWide.Store(dx + at + 16, Masked(mask, at + 16, b));
            if (TVectors.Count == 4) TWide.Store(dx + at + 32, Masked(mask, at + 32, c));
            if (TVectors.Count == 4) TWide.Store(dx + at + 48, Masked(mask, at + 48, d));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Masked<TWide>(float* mask, nint at, TWide sum) where TWide : unmanaged, IWide<TWide> =>
        mask == null ? sum : TWide.WhereGreater(TWide.Load(mask + at), TWide.Zero, sum);
}
