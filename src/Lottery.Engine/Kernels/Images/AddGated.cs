using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>dx = a + b where gate &gt; 0, else +0: the gradient of a signal that two layers read and a ReLU let through.</summary>
/// <remarks>
/// Value by value, borders too, which stay zero. dx may be a or b. Shapes: all <c>[count]</c>, count a multiple of 16.
/// Without a gate, this is <see cref="Add"/>.
/// </remarks>
internal static unsafe class AddGated
{
    public static void Reference(float* a, float* b, float* gate, float* dx, int count)
    {
        for (int i = 0; i < count; i++) dx[i] = gate[i] > 0 ? a[i] + b[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* a, float* b, float* gate, float* dx, int count) where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < count; i += 16)
            TWide.Store(dx + i, TWide.WhereGreater(
                TWide.Load(gate + i), TWide.Zero, TWide.Add(TWide.Load(a + i), TWide.Load(b + i))));
    }
}
