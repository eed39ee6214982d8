using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>
/// Prefetches 2×2 pixels of each of a panel's tiles, channel by channel, while products keep the processor busy: channels are so far
/// apart that it cannot foresee which pixels the next panel, or the transform back, will read or write.
/// </summary>
internal unsafe struct SquarePrefetch
{
    private float* _pixels;
    private nint _second, _third, _fourth;
    private readonly nint _row, _channel;
    private int _left, _each;

    /// <summary>Prefetches for a tensor.</summary>
    /// <param name="row">Values from one row to the next.</param>
    /// <param name="channel">Values from one channel to the next.</param>
    public SquarePrefetch(nint row, nint channel) => (_row, _channel) = (row, channel);

    /// <summary>The lower right quarter of the 4×4 pixels under each of four tiles: the other quarters belong to tiles before.</summary>
    public void OfInputs(in ConvolutionShape shape, float* x, int tile)
    {
        int last = shape.OutputPixels / 4 - 1;
        if (tile > last) Begin(null, 0);
        else
        {
            nint first = shape.TileInputOffset(0, tile);
            Others(shape.TileInputOffset(0, Math.Min(tile + 1, last)) - first, shape.TileInputOffset(0, Math.Min(tile + 2, last)) - first,
                shape.TileInputOffset(0, Math.Min(tile + 3, last)) - first);
            Begin(x + first + 2 * (_row + ConvolutionShape.Lanes), shape.Inputs);
        }
    }

    /// <summary>The 2×2 pixels of each of four tiles, of channels from <paramref name="from"/> on.</summary>
    public void OfOutputs(in ConvolutionShape shape, float* y, int from, int to, int tile)
    {
        int last = shape.OutputPixels / 4 - 1;
        if (y == null || tile > last) Begin(null, 0);
        else
        {
            nint first = shape.TileOutputOffset(from, tile);
            Others(shape.TileOutputOffset(from, Math.Min(tile + 1, last)) - first, shape.TileOutputOffset(from, Math.Min(tile + 2, last)) - first,
                shape.TileOutputOffset(from, Math.Min(tile + 3, last)) - first);
            Begin(y + first, Math.Min(to, shape.Outputs) - from);
        }
    }

    /// <summary>The next sixteenth of the channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next()
    {
        for (int i = Math.Min(_each, _left); i > 0; i--, _left--, _pixels += _channel)
        {
            Square(_pixels);
            Square(_pixels + _second);
            Square(_pixels + _third);
            Square(_pixels + _fourth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Square(float* pixels)
    {
        Prefetch.Line(pixels);
        Prefetch.Line(pixels + ConvolutionShape.Lanes);
        Prefetch.Line(pixels + _row);
        Prefetch.Line(pixels + _row + ConvolutionShape.Lanes);
    }

    private void Others(nint second, nint third, nint fourth) => (_second, _third, _fourth) = (second, third, fourth);

    private void Begin(float* pixels, int channels)
    {
        (_left, _each) = (channels, (channels + DenseConvolution.Points - 1) / DenseConvolution.Points);
        _pixels = pixels;
    }
}
