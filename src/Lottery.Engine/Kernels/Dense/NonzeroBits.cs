using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Dense;

/// <summary>Bit j of a row's words is set where a[row][j] ≠ 0.</summary>
internal unsafe ref struct NonzeroBits : IKernel
{
    /// <summary><c>[rows, stride]</c>, of which the first columns of each row are read.</summary>
    public required ReadOnlySpan<float> A;

    /// <summary>Values from one row of a to the next.</summary>
    public required int Stride;

    /// <summary><c>[rows, ⌈columns ÷ 64⌉]</c>.</summary>
    public required Span<ulong> Bits;

    /// <summary>Rows, and columns: a multiple of 16.</summary>
    public required int Rows, Columns;

    private readonly int Words => (Columns + 63) / 64;

    public readonly void Check()
    {
        IKernel.Require(Columns % 16 == 0 && A.Length >= Rows * Stride && Bits.Length >= Rows * Words);
    }

    public readonly void Reference()
    {
        Bits[..(Rows * Words)].Clear();
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                if (A[row * Stride + column] != 0) Bits[row * Words + column / 64] |= 1UL << column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int rows = Rows, columns = Columns;
        nint stride = Stride;
        fixed (float* values = A)
        fixed (ulong* words = Bits)
        {
            float* a = values;
            ulong* bits = words;
            for (int row = 0; row < rows; row++, a += stride)
                for (int column = 0; column < columns; column += 64)
                {
                    ulong word = 0;
                    int end = Math.Min(columns - column, 64);
                    for (int i = 0; i < end; i += 16) word |= (ulong)TWide.Nonzero(TWide.Load(a + column + i)) << i;
                    *bits++ = word;
                }
        }
    }
}
