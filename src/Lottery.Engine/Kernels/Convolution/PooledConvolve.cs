using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>
/// <see cref="KeptConvolve"/>, the ReLU that follows, and <see cref="MaxPool"/> of 2×2 pixels in one: the image between
/// them, four times as large as the result, is never stored.
/// </summary>
/// <remarks>
/// Order: that of the two kernels, one after the other. Shapes: x as in <see cref="ConvolutionShape"/>; y and winner (bytes)
/// as the output of the windows. winner counts the pixels of a window row by row from 0, and is <see cref="Nobody"/> where a ReLU
/// stops the gradient of the largest: a way back that knows it needs neither y nor what was pooled.
/// </remarks>
internal static unsafe class PooledConvolve
{
    /// <summary>The winner of a window in which nothing is above 0, where there is a ReLU.</summary>
    public const byte Nobody = 4;

    /// <summary>Values of a block of one channel: two rows of four pixels.</summary>
    public const int Block = 2 * Width * Lanes;

    private const int Width = 4, Lanes = ConvolutionShape.Lanes;

    public static void Reference(
        in KeptStencil stencil, in PoolShape pool, float* weights, float* bias, float* x, float* y, byte* winner, bool relu)
    {
        using AlignedBuffer<float> whole = new(pool.Input.Length), which = new(pool.Output.Length);
        KeptConvolve.Reference(stencil, weights, bias, x, null, whole.Pointer, relu);
        MaxPool.Reference(pool, whole.Pointer, y, which.Pointer);
        for (int channel = 0; channel < pool.Output.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int i = 0; i < pool.Output.Columns * Lanes; i++)
                {
                    int place = pool.Output.Offset(channel, row, 0) + i;
                    winner[place] = relu && !(y[place] > 0) ? Nobody : (byte)which.Pointer[place];
                }
    }

    /// <summary>The sums of a block of pixels of every channel rest in <paramref name="block"/>, where the windows read them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
        byte* winner, float* block, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        var pass = new KeptPass { Weights = weights, Bias = bias, Relu = relu, Target = block };
        pass.Stencil = stencil with
        {
            TargetChannel = Block, TargetRow = Width * Lanes, TargetColumn = Lanes,
        };
        for (int row = 0; row < stencil.Rows; row += 2)
            for (int column = 0, width; column < stencil.Columns; column += width)
            {
                width = stencil.Columns - column < Width ? 2 : Width;
                pass.Source = x + stencil.SourceStart + row * stencil.SourceRow + column * stencil.SourceColumn;
                KeptConvolve.Sums<TWide, TCounter>(pass, width);
                Fetch(shape, column + 2 * Width <= shape.Columns
                    ? pass.Source + shape.InputRow + (Width + 1) * Lanes
                    : x + shape.InputStart + (row + 3) * shape.InputRow);
                int place = pool.Output.Offset(0, row / 2, column / 2);
                Pool<TWide>(pool.Output, block, y + place, winner + place, width / 2, relu);
            }
    }

    /// <summary>The pixels that the next block reads first of all, of every channel.</summary>
    private static void Fetch(in ConvolutionShape shape, float* x)
    {
        if (shape.InputLength < FetchAhead.Worthwhile) return;
        for (int input = 0; input < shape.Inputs; input++, x += shape.InputChannel)
        {
            FetchAhead.Four(x, Lanes);
            FetchAhead.Four(x + shape.InputRow, Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pool<TWide>(in ImageLayout output, float* block, float* y, byte* winner, int windows, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide one = TWide.Broadcast(1), two = TWide.Broadcast(2), three = TWide.Broadcast(3), nobody = TWide.Broadcast(Nobody);
        nint next = output.ChannelStride;
        for (int channel = 0; channel < output.Channels; channel++, block += Block, y += next, winner += next)
            for (int i = 0; i < windows; i++)
            {
                float* upper = block + 2 * i * Lanes, lower = upper + Width * Lanes;
                TWide most = TWide.Load(upper), which = TWide.Zero;
                MaxPool.Larger(upper + Lanes, one, ref most, ref which);
                MaxPool.Larger(lower, two, ref most, ref which);
                MaxPool.Larger(lower + Lanes, three, ref most, ref which);
                if (relu) which = TWide.WhereGreater(most, TWide.Zero, which, nobody);
                TWide.Store(y + i * Lanes, most);
                TWide.ToBytes(which).Store(winner + i * Lanes);
            }
    }
}
