using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>value[i] stays where trained[i] &gt; 0 and becomes frozen[i] again elsewhere: whatever an update did to it is undone.</summary>
/// <remarks>Shapes: all <c>[count]</c>, count a multiple of 16.</remarks>
internal static unsafe class Freeze
{
    public static void Reference(float* value, float* frozen, float* trained, int count)
    {
        for (int i = 0; i < count; i++) value[i] = trained[i] > 0 ? value[i] : frozen[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* value, float* frozen, float* trained, int count) where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < count; i += 16)
            TWide.Store(value + i, TWide.WhereGreater(
                TWide.Load(trained + i), TWide.Zero, TWide.Load(value + i), TWide.Load(frozen + i)));
    }
}
