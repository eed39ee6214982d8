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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout pooled = Table.Pooled.Windows.Output;
        TWide between = TWide.Broadcast(1.5f), none = TWide.Broadcast(PooledConvolutionForward.None);
        int columns = pooled.Columns * ConvolutionShape.Lanes;
        fixed (float* dy = Dy, gradient = Gradient)
        fixed (byte* argMax = ArgMax)
            for (int channel = 0; channel < pooled.Channels; channel++)
            {
                TWide sum = TWide.Zero;
                for (int row = 0; row < pooled.Rows; row++)
                {
                    float* d = dy + pooled.Offset(channel, row, 0);
                    byte* indices = argMax + pooled.Offset(channel, row, 0);
                    for (int i = 0; i < columns; i += ConvolutionShape.Lanes)
                        sum = TWide.Add(sum, TWide.WhereGreater(between, TWide.FromBytes(Vector128.Load(indices + i)), TWide.Load(d + i)));
                    for (int i = 0; i < columns; i += ConvolutionShape.Lanes)
                    {
                        TWide index = TWide.FromBytes(Vector128.Load(indices + i));
                        TWide passed = TWide.WhereGreater(none, index, TWide.Load(d + i));
                        sum = TWide.Add(sum, TWide.WhereGreater(index, between, passed));
                    }
                }
                gradient[channel] = TWide.Sum(sum, TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
            }
    }
}
