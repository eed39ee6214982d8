using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>gradient[row] (+)= Σ dy[row][lane] over lanes, for <c>rows</c> rows.</summary>
/// <remarks>Order: as <see cref="LaneSum"/> with b = 1 everywhere. Shapes: dy <c>[rows, lanes]</c>, gradient <c>[rows]</c>.</remarks>
internal static unsafe class BiasGradient
{
    public static void Reference(float* dy, float* gradient, int rows, int lanes, bool add)
    {
        float* ones = stackalloc float[lanes];
        new Span<float>(ones, lanes).Fill(1);
        for (int row = 0; row < rows; row++)
        {
            float sum = LaneSum.Reference(dy + row * lanes, ones, lanes);
            gradient[row] = add ? gradient[row] + sum : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* dy, float* gradient, int rows, int lanes, bool add)
        where TWide : unmanaged, IWide<TWide>
    {
        int row = 0;
        for (; row < rows; row += 4)
        {
            int last = rows - 1, second = Math.Min(row + 1, last), third = Math.Min(row + 2, last), fourth = Math.Min(row + 3, last);
            var sums = TWide.Sum(Partial<TWide>(dy + (nint)row * lanes, lanes), Partial<TWide>(dy + (nint)second * lanes, lanes),
                                 Partial<TWide>(dy + (nint)third * lanes, lanes), Partial<TWide>(dy + (nint)fourth * lanes, lanes));
            for (int i = 0; i < 4 && row + i < rows; i++) gradient[row + i] = add ? gradient[row + i] + sums[i] : sums[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Partial<TWide>(float* dy, int lanes) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        for (int lane = 0; lane < lanes; lane += 16) sum = TWide.Add(sum, TWide.Load(dy + lane));
        return sum;
    }
}
