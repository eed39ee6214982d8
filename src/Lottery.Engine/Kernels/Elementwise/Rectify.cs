using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// value[i] where gate[i] &gt; 0, else +0: ReLU where both are the same, its gradient where gate is what it let through.
/// </summary>
/// <remarks>Shapes: both <c>[count]</c>, count a multiple of 16.</remarks>
internal static unsafe class Rectify
{
    public static void Reference(float* gate, float* value, int count)
    {
        for (int i = 0; i < count; i++) value[i] = gate[i] > 0 ? value[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* gate, float* value, int count) where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < count; i += 16)
            TWide.Store(value + i, TWide.WhereGreater(TWide.Load(gate + i), TWide.Zero, TWide.Load(value + i)));
    }
}
