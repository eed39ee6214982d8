namespace Lottery.Kernels;

/// <summary>
/// target[c][r] = source[r][c] over blocks of 16 × 16: from <c>[feature][lane]</c> to <c>[lane][feature]</c> and back.
/// Both matrices have room for whole blocks; nothing is computed, so every version has the same bits.
/// </summary>
internal static unsafe class Transpose
{
    public static void Reference(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
    {
        for (int row = 0; row < rows; row += 16)
            for (int column = 0; column < columns; column += 16)
                Block(source + row * sourceStride + column, sourceStride, target + column * targetStride + row, targetStride);
    }

    public static void Fast<TWide>(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        for (int row = 0; row < rows; row += 16)
            for (int column = 0; column < columns; column += 16)
                TWide.Transpose(source + row * sourceStride + column, sourceStride,
                                target + column * targetStride + row, targetStride);
    }

    /// <summary>One block of 16 × 16, value by value.</summary>
    public static void Block(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 16; column++)
                target[column * targetStride + row] = source[row * sourceStride + column];
    }
}
