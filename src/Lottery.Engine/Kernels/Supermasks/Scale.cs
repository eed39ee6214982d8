using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>value[i] × factor, value by value.</summary>
/// <remarks>Shapes: <c>[count]</c>, count a multiple of 16.</remarks>
internal static unsafe class Scale
{
    public static void Reference(float* value, int count, float factor)
    {
        for (int i = 0; i < count; i++) value[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* value, int count, float factor) where TWide : unmanaged, IWide<TWide>
    {
        TWide wide = TWide.Broadcast(factor);
        for (int i = 0; i < count; i += 16) TWide.Store(value + i, TWide.Multiply(TWide.Load(value + i), wide));
    }
}
