using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Supermasks;

/// <summary>value[i] × factor, value by value.</summary>
internal unsafe ref struct ScaleValues : IKernel
{
    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Values;

    /// <summary>The factor.</summary>
    public required float Factor;

    public readonly void Check() => IKernel.Require(Values.Length % 16 == 0);

    public readonly void Reference()
    {
        foreach (ref float value in Values) value *= Factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        TWide factor = TWide.Broadcast(Factor);
        int count = Values.Length;
        fixed (float* values = Values)
            for (int i = 0; i < count; i += 16) TWide.Store(values + i, TWide.Multiply(TWide.Load(values + i), factor));
    }
}
