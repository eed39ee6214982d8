using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Dense;

/// <summary>gradient[row] (+)= Σ dy[row][lane] over lanes.</summary>
/// <remarks>Order: as <see cref="LaneSum"/> with b = 1 everywhere.</remarks>
internal unsafe ref struct BiasGradient : IKernel
{
    /// <summary><c>[rows, lanes]</c>.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary><c>[rows]</c>.</summary>
    public required Span<float> Gradient;

    /// <summary>Rows, and lanes: a multiple of 16.</summary>
    public required int Rows, Lanes;

    /// <summary>Whether the sums are added to the gradient's values.</summary>
    public bool Add;

    public readonly void Check() =>
        IKernel.Require(Dy.Length >= Rows * Lanes && Gradient.Length >= Rows && Lanes % 16 == 0);

    public readonly void Reference()
    {
        Span<float> ones = stackalloc float[Lanes];
        ones.Fill(1);
        for (int row = 0; row < Rows; row++)
        {
            float sum = LaneSum.Reference(Dy.Slice(row * Lanes, Lanes), ones);
            Gradient[row] = Add ? Gradient[row] + sum : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        int rows = Rows, lanes = Lanes;
        bool add = Add;
        fixed (float* dy = Dy, gradient = Gradient)
            for (int row = 0; row < rows; row += 4)
            {
                int last = rows - 1, second = Math.Min(row + 1, last), third = Math.Min(row + 2, last), fourth = Math.Min(row + 3, last);
                Vector128<float> sums = TWide.Sum(
                    Partial<TWide>(dy + (nint)row * lanes, lanes), Partial<TWide>(dy + (nint)second * lanes, lanes),
                    Partial<TWide>(dy + (nint)third * lanes, lanes), Partial<TWide>(dy + (nint)fourth * lanes, lanes));
                for (int i = 0; i < 4 && row + i < rows; i++) gradient[row + i] = add ? gradient[row + i] + sums[i] : sums[i];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Partial<TWide>(float* dy, int lanes) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        for (int lane = 0; lane < lanes; lane += 16) sum = TWide.Add(sum, TWide.Load(dy + lane));
        return sum;
    }
}
