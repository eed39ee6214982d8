using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>The bias gradient of a convolution before 2×2 max pooling, from the gradient after it.</summary>
/// <remarks>
/// Order: that of <see cref="MaxPoolGradient"/> and <see cref="ConvolutionBiasGradient"/>, one after the other: in every
/// lane, row by row, the windows whose winner is in their upper row, then those whose winner is in the lower one. Shapes:
/// winner and dy as <see cref="PooledConvolve"/>'s result, gradient <c>[outputs]</c>.
/// </remarks>
internal static unsafe class PooledBiasGradient
{
    public static void Reference(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient)
    {
        using AlignedBuffer<float> whole = PooledConvolveGradient.Unpooled(pool, winner, dy);
        ConvolutionBiasGradient.Reference(shape, whole.Pointer, 1, gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ImageLayout pooled, byte* winner, float* dy, float* gradient) where TWide : unmanaged, IWide<TWide>
    {
        TWide between = TWide.Broadcast(1.5f), nobody = TWide.Broadcast(PooledConvolve.Nobody);
        int columns = pooled.Columns * ConvolutionShape.Lanes;
        for (int channel = 0; channel < pooled.Channels; channel++)
        {
            TWide sum = TWide.Zero;
            for (int row = 0; row < pooled.Rows; row++)
            {
                float* d = dy + pooled.Offset(channel, row, 0);
                byte* which = winner + pooled.Offset(channel, row, 0);
                for (int i = 0; i < columns; i += ConvolutionShape.Lanes)
                    sum = TWide.Add(sum, TWide.WhereGreater(between, TWide.FromBytes(Vector128.Load(which + i)), TWide.Load(d + i)));
                for (int i = 0; i < columns; i += ConvolutionShape.Lanes)
                {
                    TWide number = TWide.FromBytes(Vector128.Load(which + i));
                    TWide won = TWide.WhereGreater(nobody, number, TWide.Load(d + i));
                    sum = TWide.Add(sum, TWide.WhereGreater(number, between, won));
                }
            }
            gradient[channel] = TWide.Sum(sum, TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
        }
    }
}
