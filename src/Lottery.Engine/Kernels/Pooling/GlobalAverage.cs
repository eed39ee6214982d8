using System.Runtime.CompilerServices;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Pooling;

/// <summary>y[channel] = the mean of a channel's pixels: from one lane group of images to sixteen lanes of vectors.</summary>
/// <remarks>Order: as <see cref="AveragePoolForward"/>, with one window for the whole channel.</remarks>
internal unsafe ref struct GlobalAverageForward : IKernel
{
    /// <summary>The image.</summary>
    public required ImageLayout Layout;

    /// <summary>One lane group of images.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[channels, lanes]</c>.</summary>
    public required Span<float> Y;

    /// <summary>Lanes of the vectors, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Which sixteen of those lanes are written.</summary>
    public required int LaneGroup;

    public readonly void Check()
    {
        IKernel.Require(X.Length >= Layout.Length && FlattenIndices.Contains(LaneGroup, Lanes));
        IKernel.Require(Y.Length >= Layout.Channels * Lanes);
    }

    public readonly void Reference()
    {
        for (int channel = 0; channel < Layout.Channels; channel++)
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                Y[channel * Lanes + 16 * LaneGroup + lane] = AveragePoolForward.Mean(
                    X[(Layout.Offset(channel, 0, 0) + lane)..], Layout.RowStride, Layout.Rows, Layout.Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout layout = Layout;
        nint lanes = Lanes, first = 16 * LaneGroup;
        fixed (float* x = X, y = Y)
            for (int channel = 0; channel < layout.Channels; channel++)
                TWide.Store(y + first + channel * lanes, AveragePoolForward.Mean<TWide>(
                    x + layout.Offset(channel, 0, 0), layout.RowStride, layout.Rows, layout.Columns));
    }
}

/// <summary>dx = dy[channel] ÷ the number of a channel's pixels at each of them; 0 wherever the ReLU mask is ≤ 0.</summary>
/// <remarks>One division a channel.</remarks>
internal unsafe ref struct GlobalAverageBackward : IKernel
{
    /// <summary>The image.</summary>
    public required ImageLayout Layout;

    /// <summary><c>[channels, lanes]</c>.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>Lanes of the vectors, a multiple of 16.</summary>
    public required int Lanes;

    /// <summary>Which sixteen of those lanes are read.</summary>
    public required int LaneGroup;

    /// <summary>One lane group of images, where a ReLU computed them; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>One lane group of images' gradient.</summary>
    public required Span<float> Dx;

    public readonly void Check()
    {
        IKernel.Require(Dy.Length >= Layout.Channels * Lanes && FlattenIndices.Contains(LaneGroup, Lanes));
        IKernel.Require(Dx.Length >= Layout.Length && (ReluMask.IsEmpty || ReluMask.Length >= Layout.Length));
    }

    public readonly void Reference()
    {
        for (int channel = 0; channel < Layout.Channels; channel++)
            for (int row = 0; row < Layout.Rows; row++)
                for (int column = 0; column < Layout.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int i = Layout.Offset(channel, row, column) + lane;
                        Dx[i] = ReluMask.IsEmpty || ReluMask[i] > 0 ? Dy[channel * Lanes + 16 * LaneGroup + lane] / Layout.Pixels : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout layout = Layout;
        nint lanes = Lanes, first = 16 * LaneGroup;
        TWide count = TWide.Broadcast(layout.Pixels);
        fixed (float* dy = Dy, mask = ReluMask, dx = Dx)
            for (int channel = 0; channel < layout.Channels; channel++)
            {
                int i = layout.Offset(channel, 0, 0);
                AveragePoolBackward.Spread(
                    TWide.Divide(TWide.Load(dy + first + channel * lanes), count), mask is null ? null : mask + i, dx + i,
                    layout.RowStride, layout.Rows, layout.Columns);
            }
    }
}
