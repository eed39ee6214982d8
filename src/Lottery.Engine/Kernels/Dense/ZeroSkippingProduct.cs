using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Dense;

/// <summary>
/// target[row] = start + Σ a[row][j] × m[j] over the j with a[row][j] ≠ 0: the matrix product of dense layers. Forward, a
/// is a batch of inputs; for the weight gradient, the inputs by feature; for the input gradient, dy. Most pixels of an
/// image are black and most outputs of a ReLU are zero, so zeros are never multiplied.
/// </summary>
/// <remarks>Order: start (or +0, or the target's value), then one fused multiply-add for every nonzero j, ascending.</remarks>
internal unsafe ref struct ZeroSkippingProduct : IKernel
{
    /// <summary><c>[rows, stride]</c>, of which the first 64 × words values of each row may be read.</summary>
    public required ReadOnlySpan<float> A;

    /// <summary>Values from one row of a to the next.</summary>
    public required int AStride;

    /// <summary><c>[rows, words]</c> from <see cref="NonzeroBits"/>: bit j of a row's words is set where a ≠ 0.</summary>
    public required ReadOnlySpan<ulong> Nonzero;

    /// <summary>Words of 64 bits in a row of <see cref="Nonzero"/>.</summary>
    public required int Words;

    /// <summary><c>[64 × words, m stride]</c>.</summary>
    public required ReadOnlySpan<float> M;

    /// <summary>Values from one row of m to the next.</summary>
    public required int MStride;

    /// <summary><c>[columns]</c>, or empty for +0.</summary>
    public ReadOnlySpan<float> Start;

    /// <summary><c>[rows, target stride]</c>.</summary>
    public required Span<float> Target;

    /// <summary>Values from one row of the target to the next.</summary>
    public required int TargetStride;

    /// <summary>Rows, and columns: a multiple of 16.</summary>
    public required int Rows, Columns;

    /// <summary>Whether sums begin with the target's values instead of start.</summary>
    public bool Add;

    public readonly void Check()
    {
        IKernel.Require(Columns % 16 == 0 && Columns <= MStride && Columns <= TargetStride && Nonzero.Length >= Rows * Words);
        IKernel.Require(Target.Length >= Rows * TargetStride && A.Length >= (Rows - 1) * AStride && (Start.IsEmpty || Start.Length >= Columns));
    }

    public readonly void Reference()
    {
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
            {
                ref float target = ref Target[row * TargetStride + column];
                float sum = Add ? target : Start.IsEmpty ? 0 : Start[column];
                for (int j = 0; j < 64 * Words; j++)
                    if ((Nonzero[row * Words + j / 64] >> j & 1) != 0)
                        sum = MathF.FusedMultiplyAdd(A[row * AStride + j], M[j * MStride + column], sum);
                target = sum;
            }
    }

    /// <summary>
    /// Column tiles of up to 112 values are kept in registers; 64 rows of m under a tile (28 KB) stay in the first-level
    /// cache while every row of a passes over them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* a = A, m = M, start = Start, target = Target)
        fixed (ulong* nonzero = Nonzero)
        {
            var p = new Pass
            {
                A = a, M = m, Start = start, Target = target, Nonzero = nonzero, AStride = AStride, MStride = MStride,
                TargetStride = TargetStride, Words = Words, Rows = Rows, Add = Add,
            };
            int left = Columns / 16, width;
            for (int column = 0; left > 0; left -= width, column += 16 * width)
            {
                width = left >= 7 && left % 6 == 1 ? 7 : left >= 6 ? 6 : left >= 4 ? 4 : 1;
                for (int word = 0; word < p.Words; word++)
                    switch (width)
                    {
                        case 7: Tile<TWide, SevenVectors>(p, word, column); break;
                        case 6: Tile<TWide, SixVectors>(p, word, column); break;
                        case 4: Tile<TWide, FourVectors>(p, word, column); break;
                        default: Tile<TWide, OneVector>(p, word, column); break;
                    }
            }
        }
    }

    /// <summary>The kernel's addresses.</summary>
    private struct Pass
    {
        public float* A, M, Start, Target;
        public ulong* Nonzero;
        public nint AStride, MStride, TargetStride;
        public int Words, Rows;
        public bool Add;
    }

    /// <summary>1, 4, 6 or 7 vectors of every row, over the 64 values of a that one word has bits for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TWide, TVectors>(in Pass p, int word, int column)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        float* source = p.A + word * 64, target = p.Target + column, matrix = p.M + word * 64 * p.MStride + column;
        nint aStride = p.AStride, mStride = p.MStride, targetStride = p.TargetStride;
        ulong* nonzero = p.Nonzero + word;
        int words = p.Words, rows = p.Rows;
        for (int row = 0; row < rows; row++, source += aStride, target += targetStride, nonzero += words)
        {
            float* start = word > 0 || p.Add ? target : p.Start == null ? null : p.Start + column;
            TWide s0 = Begin<TWide>(start, 0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0;
            if (TVectors.Count >= 4) (s1, s2, s3) = (Begin<TWide>(start, 16), Begin<TWide>(start, 32), Begin<TWide>(start, 48));
            if (TVectors.Count >= 6) (s4, s5) = (Begin<TWide>(start, 64), Begin<TWide>(start, 80));
            if (TVectors.Count >= 7) s6 = Begin<TWide>(start, 96);
            for (ulong bits = *nonzero; bits != 0; bits &= bits - 1)
            {
                nint j = BitOperations.TrailingZeroCount(bits);
                TWide a = TWide.Broadcast(source[j]);
                float* m = matrix + j * mStride;
                s0 = TWide.MultiplyAdd(a, TWide.Load(m), s0);
                if (TVectors.Count >= 4) s1 = TWide.MultiplyAdd(a, TWide.Load(m + 16), s1);
                if (TVectors.Count >= 4) s2 = TWide.MultiplyAdd(a, TWide.Load(m + 32), s2);
                if (TVectors.Count >= 4) s3 = TWide.MultiplyAdd(a, TWide.Load(m + 48), s3);
                if (TVectors.Count >= 6) s4 = TWide.MultiplyAdd(a, TWide.Load(m + 64), s4);
                if (TVectors.Count >= 6) s5 = TWide.MultiplyAdd(a, TWide.Load(m + 80), s5);
                if (TVectors.Count >= 7) s6 = TWide.MultiplyAdd(a, TWide.Load(m + 96), s6);
            }
            TWide.Store(target, s0);
            if (TVectors.Count >= 4) TWide.Store(target + 16, s1);
            if (TVectors.Count >= 4) TWide.Store(target + 32, s2);
            if (TVectors.Count >= 4) TWide.Store(target + 48, s3);
            if (TVectors.Count >= 6) TWide.Store(target + 64, s4);
            if (TVectors.Count >= 6) TWide.Store(target + 80, s5);
            if (TVectors.Count >= 7) TWide.Store(target + 96, s6);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Begin<TWide>(float* start, int offset) where TWide : unmanaged, IWide<TWide> =>
        start == null ? TWide.Zero : TWide.Load(start + offset);
}
