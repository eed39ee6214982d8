using System.Runtime.CompilerServices;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Prediction;

namespace Lottery.Prediction;

/// <summary>The largest value of every window: found at every place, and taken from where windows begin.</summary>
internal sealed class AloneMaxPool(Plane source, Plane target, int size, (int From, int Every, int To) buffers) : AloneStep
{
    private readonly int[] _offsets = [.. from row in Enumerable.Range(0, size)
                                          from column in Enumerable.Range(0, size)
                                          select source.At(0, row, column)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        Span<float> every = room[buffers.Every], y = room[buffers.To];
        room.Kernels.Run(new SlidingMax { X = room[buffers.From], Offsets = _offsets, Y = every });
        for (int channel = 0; channel < target.Channels; channel++)
            for (int row = 0; row < target.Rows; row++)
            {
                Span<float> line = y.Slice(target.At(channel, row, 0), target.Columns);
                ReadOnlySpan<float> windows = every[source.At(channel, row * size, 0)..];
                for (int column = 0; column < line.Length; column++) line[column] = windows[column * size];
            }
    }
}

/// <summary>The mean of every window: its values added from +0, row by row, then divided by their number.</summary>
internal sealed class AloneAverage(Plane source, Plane target, (int Rows, int Columns) window, int from, int to) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        ReadOnlySpan<float> x = room[from];
        Span<float> y = room[to];
        for (int channel = 0; channel < target.Channels; channel++)
            for (int row = 0; row < target.Rows; row++)
                for (int column = 0; column < target.Columns; column++)
                {
                    float sum = 0;
                    for (int i = 0; i < window.Rows; i++)
                        for (int j = 0; j < window.Columns; j++)
                            sum += x[source.At(channel, row * window.Rows + i, column * window.Columns + j)];
                    y[target.At(channel, row, column)] = sum / (window.Rows * window.Columns);
                }
    }
}

/// <summary>Batch normalization by running figures, and the ReLU that follows.</summary>
internal sealed class AloneNormalization(Plane plane, NormalizeForward.Constants[] channels, int from, int to) : AloneStep
{
    // To the kernel, a channel is one row of so many sixteens.
    private readonly NormalizationShape _shape =
        new(new(plane.Channels, 1, plane.Channel / 16, 0), new(plane.Channels, 1, plane.Channel / 16, 0));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        for (int channel = 0; channel < channels.Length; channel++)
            room.Kernels.Run(new NormalizeForward
            {
                Shape = _shape, Channel = channel, LaneGroups = 1, X = room[from], Y = room[to], Numbers = channels[channel],
            });
    }
}

/// <summary>Body and shortcut added, and the ReLU after the block; the sum lies as the body does.</summary>
internal sealed class AloneSum(Plane body, Plane shortcut, (int Body, int Shortcut, int To) buffers, bool relu) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        Span<float> y = room[buffers.To][..body.Length];
        if (shortcut == body)
            room.Kernels.Run(new AddForward { A = room[buffers.Body], B = room[buffers.Shortcut], Y = y, Relu = relu });
        else Rows(room[buffers.Body], room[buffers.Shortcut], y);
    }

    private void Rows(ReadOnlySpan<float> bodies, ReadOnlySpan<float> shortcuts, Span<float> sums)
    {
        for (int channel = 0; channel < body.Channels; channel++)
            for (int row = 0; row < body.Rows; row++)
            {
                ReadOnlySpan<float> a = bodies.Slice(body.At(channel, row, 0), body.Columns);
                ReadOnlySpan<float> b = shortcuts.Slice(shortcut.At(channel, row, 0), body.Columns);
                Span<float> y = sums.Slice(body.At(channel, row, 0), body.Columns);
                for (int i = 0; i < y.Length; i++)
                {
                    float sum = a[i] + b[i];
                    y[i] = !relu || sum > 0 ? sum : 0;
                }
            }
    }
}

/// <summary>The shortcut without weights: every so many pixels, channels of zeros around.</summary>
internal sealed class AloneZeroPad(Plane source, Plane target, (int Before, int Stride) pad, int from, int to) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        ReadOnlySpan<float> x = room[from];
        Span<float> y = room[to];
        for (int channel = 0; channel < source.Channels; channel++)
            for (int row = 0; row < target.Rows; row++)
                for (int column = 0; column < target.Columns; column++)
                    y[target.At(channel + pad.Before, row, column)] = x[source.At(channel, row * pad.Stride, column * pad.Stride)];
    }
}

/// <summary>Values at some places, one after the other.</summary>
internal sealed class Pick(int[] places, int from, int to) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        ReadOnlySpan<float> x = room[from];
        Span<float> y = room[to];
        for (int i = 0; i < places.Length; i++) y[i] = x[places[i]];
    }
}

/// <summary>A ReLU that is not part of the layer before it.</summary>
internal sealed class AloneRectify(int length, int from, int to) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        ReadOnlySpan<float> x = room[from];
        Span<float> y = room[to];
        for (int i = 0; i < length; i++) y[i] = x[i] > 0 ? x[i] : 0;
    }
}
