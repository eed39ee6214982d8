using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Pooling;

namespace Lottery.Kernels.Sparse;

/// <summary>The bias gradient of a convolution before 2×2 max pooling, from the gradient after pooling, one lane group.</summary>
/// <remarks>
/// Order: that of <see cref="MaxPoolBackward"/> and <see cref="ConvolutionBiasGradient"/>, one after the other: in every
/// lane, row by row, the windows whose largest pixel is in their upper row, then those whose largest pixel is in the lower one.
/// </remarks>
internal unsafe ref struct PooledConvolutionBiasGradient : IKernel
{
    /// <summary>The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</summary>
    public required SparseConvolutionTable Table;

    /// <summary>From <see cref="PooledConvolutionForward"/>.</summary>
    public required ReadOnlySpan<byte> ArgMax;

    /// <summary>One lane group of the pooled image's gradient.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary><c>[outputs]</c>.</summary>
    public required Span<float> Gradient;

    public readonly void Check()
    {
        int pooled = Table.Pooled.Windows.Output.Length;
        IKernel.Require(PooledConvolutionTable.Fits(Table.Shape) && Gradient.Length >= Table.Shape.Outputs);
        IKernel.Require(ArgMax.Length >= pooled && Dy.Length >= pooled);
    }

    public readonly void Reference()
    {
        float[] unpooled = PooledConvolutionBackward.Unpooled(Table.Pooled.Windows, ArgMax, Dy);
        new ConvolutionBiasGradient { Shape = Table.Shape, Dy = unpooled, LaneGroups = 1, Gradient = Gradient }.Reference();
    }

    /// <summary>Four channels at once: the additions of one wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout pooled = Table.Pooled.Windows.Output;
        fixed (float* dy = Dy, gradient = Gradient)
        fixed (byte* argMax = ArgMax)
        {
            int channel = 0;
            for (; channel + 4 <= pooled.Channels; channel += 4)
            {
                Vector128<float> sums = Sums<TWide>(pooled, dy + pooled.Offset(channel, 0, 0), argMax + pooled.Offset(channel, 0, 0), pooled.ChannelStride);
                for (int i = 0; i < 4; i++) gradient[channel + i] = sums[i];
            }
            for (; channel < pooled.Channels; channel++)
                gradient[channel] = Sums<TWide>(pooled, dy + pooled.Offset(channel, 0, 0), argMax + pooled.Offset(channel, 0, 0), 0).ToScalar();
        }
    }

    /// <summary>The sums of four channels, <paramref name="next"/> values apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> Sums<TWide>(in ImageLayout pooled, float* dy, byte* argMax, nint next) where TWide : unmanaged, IWide<TWide>
    {
        TWide between = TWide.Broadcast(1.5f), none = TWide.Broadcast(PooledConvolutionForward.None);
        TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
        int columns = pooled.Columns * ConvolutionShape.Lanes, row = pooled.RowStride;
        for (int rows = pooled.Rows; rows > 0; rows--, dy += row, argMax += row)
        {
            for (nint i = 0; i < columns; i += ConvolutionShape.Lanes)
            {
                AddUpper(dy + i, argMax + i, between, ref a);
                AddUpper(dy + i + next, argMax + i + next, between, ref b);
                AddUpper(dy + i + 2 * next, argMax + i + 2 * next, between, ref c);
                AddUpper(dy + i + 3 * next, argMax + i + 3 * next, between, ref d);
            }
            for (nint i = 0; i < columns; i += ConvolutionShape.Lanes)
            {
                AddLower(dy + i, argMax + i, between, none, ref a);
                AddLower(dy + i + next, argMax + i + next, between, none, ref b);
                AddLower(dy + i + 2 * next, argMax + i + 2 * next, between, none, ref c);
                AddLower(dy + i + 3 * next, argMax + i + 3 * next, between, none, ref d);
            }
        }
        return TWide.Sum(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddUpper<TWide>(float* dy, byte* argMax, TWide between, ref TWide sum) where TWide : unmanaged, IWide<TWide> =>
        sum = TWide.Add(sum, TWide.WhereGreater(between, TWide.FromBytes(Vector128.Load(argMax)), TWide.Load(dy)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLower<TWide>(float* dy, byte* argMax, TWide between, TWide none, ref TWide sum) where TWide : unmanaged, IWide<TWide>
    {
        TWide index = TWide.FromBytes(Vector128.Load(argMax));
        sum = TWide.Add(sum, TWide.WhereGreater(index, between, TWide.WhereGreater(none, index, TWide.Load(dy))));
    }
}
