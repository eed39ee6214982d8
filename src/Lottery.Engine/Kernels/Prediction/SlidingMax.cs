using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Prediction;

/// <summary>y[i] = the largest of x[i + offset] over some offsets: the window at every position of an image, also where no result is needed.</summary>
/// <remarks>
/// Order: as <see cref="Pooling.MaxPoolForward"/>, from the first offset on, a value replaces the largest so far where it is
/// &gt; it.
/// </remarks>
internal unsafe ref struct SlidingMax : IKernel
{
    /// <summary>As far as lanes and offsets reach.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[count]</c>, at least 1, none negative.</summary>
    public required ReadOnlySpan<int> Offsets;

    /// <summary><c>[lanes]</c>, a multiple of 16.</summary>
    public required Span<float> Y;

    public readonly void Check()
    {
        int last = -1;
        foreach (int offset in Offsets) last = Math.Max(last, offset);
        IKernel.Require(Y.Length % 16 == 0 && Offsets.Length > 0 && X.Length >= Y.Length + last);
    }

    public readonly void Reference()
    {
        for (int i = 0; i < Y.Length; i++)
        {
            float max = X[i + Offsets[0]];
            foreach (int offset in Offsets[1..]) max = X[i + offset] > max ? X[i + offset] : max;
            Y[i] = max;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int lanes = Y.Length, count = Offsets.Length;
        fixed (float* x = X, y = Y)
        fixed (int* offsets = Offsets)
            for (int i = 0; i < lanes; i += 16)
            {
                TWide max = TWide.Load(x + i + offsets[0]);
                for (int k = 1; k < count; k++)
                {
                    TWide value = TWide.Load(x + i + offsets[k]);
                    max = TWide.WhereGreater(value, max, value, max);
                }
                TWide.Store(y + i, max);
            }
    }
}
