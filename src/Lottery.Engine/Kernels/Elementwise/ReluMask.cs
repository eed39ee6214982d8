using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// value[i] where mask[i] &gt; 0, else +0: ReLU where both are the same span, its gradient where the mask is the ReLU's output.
/// </summary>
internal unsafe ref struct ReluMask : IKernel
{
    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> Mask;

    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Values;

    public readonly void Check() => IKernel.Require(Mask.Length >= Values.Length && Values.Length % 16 == 0);

    public readonly void Reference()
    {
        for (int i = 0; i < Values.Length; i++) Values[i] = Mask[i] > 0 ? Values[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int count = Values.Length;
        fixed (float* mask = Mask, values = Values)
            for (int i = 0; i < count; i += 16)
                TWide.Store(values + i, TWide.WhereGreater(TWide.Load(mask + i), TWide.Zero, TWide.Load(values + i)));
    }
}
