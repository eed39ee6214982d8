using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y[i] = the largest of x[i + offset] over some offsets: windows at every place of an image, of which some are wanted.</summary>
/// <remarks>
/// Order: as <see cref="MaxPool"/>, from the first offset on, a value takes the place of the largest so far where it is
/// &gt; it. Shapes: offsets <c>[count]</c>, none negative; x as far as they reach; y <c>[lanes]</c>, a multiple of 16.
/// </remarks>
internal static unsafe class Largest
{
    public static void Reference(float* x, int* offsets, int count, float* y, int lanes)
    {
        for (int i = 0; i < lanes; i++)
        {
            float most = x[i + offsets[0]];
            for (int k = 1; k < count; k++) most = x[i + offsets[k]] > most ? x[i + offsets[k]] : most;
            y[i] = most;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* x, int* offsets, int count, float* y, int lanes) where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < lanes; i += 16)
        {
            TWide most = TWide.Load(x + i + offsets[0]);
            for (int k = 1; k < count; k++)
            {
                TWide value = TWide.Load(x + i + offsets[k]);
                most = TWide.WhereGreater(value, most, value, most);
            }
            TWide.Store(y + i, most);
        }
    }
}
