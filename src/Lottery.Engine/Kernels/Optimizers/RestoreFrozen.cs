using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Optimizers;

/// <summary>value[i] stays where trained[i] &gt; 0 and becomes frozen[i] elsewhere: undoes what an update did to frozen values.</summary>
internal unsafe ref struct RestoreFrozen : IKernel
{
    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Values;

    /// <summary><c>[count]</c>: the frozen values.</summary>
    public required ReadOnlySpan<float> Frozen;

    /// <summary><c>[count]</c>: above 0 where a value is trained.</summary>
    public required ReadOnlySpan<float> Trained;

    public readonly void Check() =>
        IKernel.Require(Values.Length % 16 == 0 && Frozen.Length == Values.Length && Trained.Length == Values.Length);

    public readonly void Reference()
    {
        for (int i = 0; i < Values.Length; i++) Values[i] = Trained[i] > 0 ? Values[i] : Frozen[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int count = Values.Length;
        fixed (float* values = Values, frozen = Frozen, trained = Trained)
            for (int i = 0; i < count; i += 16)
                TWide.Store(values + i, TWide.WhereGreater(
                    TWide.Load(trained + i), TWide.Zero, TWide.Load(values + i), TWide.Load(frozen + i)));
    }
}
