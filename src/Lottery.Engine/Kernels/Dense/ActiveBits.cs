using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>Bit j of a row's words is set where a[row][j] ≠ 0. Shapes: a <c>[rows, columns]</c>, bits <c>[rows, ⌈columns ÷ 64⌉]</c>; columns a multiple of 16.</summary>
internal static unsafe class ActiveBits
{
    public static void Reference(float* a, nint stride, ulong* bits, int rows, int columns)
    {
        int words = (columns + 63) / 64;
        for (int row = 0; row < rows; row++, a += stride, bits += words)
        {
            new Span<ulong>(bits, words).Clear();
            for (int column = 0; column < columns; column++)
                if (a[column] != 0) bits[column / 64] |= 1UL << column;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* a, nint stride, ulong* bits, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
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
