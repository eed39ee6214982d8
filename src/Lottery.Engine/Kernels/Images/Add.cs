using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = a + b, what two branches of a network say together; with a ReLU, +0 where that is not &gt; 0.</summary>
/// <remarks>
/// Value by value, borders too, which stay zero. y may be a or b. Shapes: all <c>[count]</c>, count a multiple of 16.
/// </remarks>
internal static unsafe class Add
{
    public static void Reference(float* a, float* b, float* y, int count, bool relu)
    {
        for (int i = 0; i < count; i++)
        {
            float sum = a[i] + b[i];
            y[i] = !relu || sum > 0 ? sum : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* a, float* b, float* y, int count, bool relu) where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < count; i += 16)
        {
            TWide sum = TWide.Add(TWide.Load(a + i), TWide.Load(b + i));
            TWide.Store(y + i, relu ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
        }
    }
}
