using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Elementwise;

/// <summary>y = a + b, the sum of two branches of a network; with a ReLU, +0 where that is not &gt; 0.</summary>
/// <remarks>Value by value, borders too, which stay zero. y may be a or b.</remarks>
internal unsafe ref struct AddForward : IKernel
{
    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> A, B;

    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Y;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    public readonly void Check() => IKernel.Require(A.Length >= Y.Length && B.Length >= Y.Length && Y.Length % 16 == 0);

    public readonly void Reference()
    {
        for (int i = 0; i < Y.Length; i++)
        {
            float sum = A[i] + B[i];
            Y[i] = !Relu || sum > 0 ? sum : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int count = Y.Length;
        bool relu = Relu;
        fixed (float* a = A, b = B, y = Y)
            for (int i = 0; i < count; i += 16)
            {
                TWide sum = TWide.Add(TWide.Load(a + i), TWide.Load(b + i));
                TWide.Store(y + i, relu ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
            }
    }
}

/// <summary>
/// dx = a + b where mask &gt; 0, else +0: the gradient of a tensor that two layers read and a ReLU computed. Without a ReLU,
/// <see cref="AddForward"/> does it.
/// </summary>
/// <remarks>Value by value, borders too, which stay zero. dx may be a or b.</remarks>
internal unsafe ref struct AddMasked : IKernel
{
    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> A, B;

    /// <summary><c>[count]</c>: the tensor.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Dx;

    public readonly void Check() => IKernel.Require(
        A.Length >= Dx.Length && B.Length >= Dx.Length && ReluMask.Length >= Dx.Length && Dx.Length % 16 == 0);

    public readonly void Reference()
    {
        for (int i = 0; i < Dx.Length; i++) Dx[i] = ReluMask[i] > 0 ? A[i] + B[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int count = Dx.Length;
        fixed (float* a = A, b = B, mask = ReluMask, dx = Dx)
            for (int i = 0; i < count; i += 16)
                TWide.Store(dx + i, TWide.WhereGreater(
                    TWide.Load(mask + i), TWide.Zero, TWide.Add(TWide.Load(a + i), TWide.Load(b + i))));
    }
}
