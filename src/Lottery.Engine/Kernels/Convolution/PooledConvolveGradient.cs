using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>
/// The way back through <see cref="PooledConvolve"/>: <see cref="MaxPoolGradient"/>, then from its result the gradient at the
/// convolution's input (<see cref="KeptConvolve"/> over the tables by input, gated) and that of its weights
/// (<see cref="KeptCorrelate"/>, not added to anything).
/// </summary>
/// <remarks>
/// Order: that of the three kernels, one after the other. Shapes: winner and dy as the output of the windows, their borders
/// 0; x, gate and dx as in <see cref="ConvolutionShape"/>, dx or gate null; gradient <c>[kept]</c>; the patch as in
/// <see cref="PooledConvolutionTable"/>.
/// </remarks>
internal static unsafe class PooledConvolveGradient
{
    private const int Lanes = ConvolutionShape.Lanes;

    public static void Reference(in PooledGradientPass pass, in KeptStencil byInput, in KeptCorrelation correlation)
    {
        using AlignedBuffer<float> whole = Unpooled(pass.Pool, pass.Winner, pass.Dy);
        if (pass.Dx != null) KeptConvolve.Reference(byInput, pass.Weights, null, whole.Pointer, pass.Gate, pass.Dx, relu: false);
        KeptCorrelate.Reference(correlation, 0, 1, pass.X, whole.Pointer, 1, pass.Gradient, add: false);
    }

    /// <summary>The gradient before pooling, as an image.</summary>
    public static AlignedBuffer<float> Unpooled(in PoolShape pool, byte* winner, float* dy)
    {
        var whole = new AlignedBuffer<float>(pool.Input.Length);
        using var which = new AlignedBuffer<float>(pool.Output.Length);
        for (int i = 0; i < which.Length; i++) which.Pointer[i] = winner[i];
        MaxPoolGradient.Reference(pool, which.Pointer, dy, dy, whole.Pointer, gated: false);
        return whole;
    }

    /// <summary>
    /// Cell after cell, in the order of <see cref="KeptCorrelate"/>'s blocks: its gradient before pooling is spread over the
    /// patch, and stays in the second-level cache while the sums of weights and then those of pixels take it from there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(in PooledGradientPass pass)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        KeptCorrelation correlation = pass.Correlation;
        ConvolutionShape shape = correlation.Shape;
        for (int from = 0; from < correlation.Tiles; from += correlation.TilesInGroup)
        {
            int to = Math.Min(from + correlation.TilesInGroup, correlation.Tiles);
            int first = correlation.FirstWeight(from), weights = correlation.FirstWeight(to) - first;
            float* sums = pass.Sums - (nint)first * Lanes;
            new Span<float>(pass.Sums, weights * Lanes).Clear();
            for (int row = 0; row < shape.Rows; row += PooledConvolutionTable.CellRows)
                for (int column = 0; column < shape.Columns; column += pass.CellColumns)
                {
                    int rows = Math.Min(PooledConvolutionTable.CellRows, shape.Rows - row);
                    int columns = Math.Min(pass.CellColumns, shape.Columns - column);
                    Spread<TWide>(pass, row, column, rows, columns);
                    for (int channels = from; channels < to; channels++)
                        Correlate<TWide, TCounter>(pass, channels, row, column, rows, columns, sums);
                    if (from == 0 && pass.Dx != null) Gather<TWide, TCounter>(pass, row, column, rows, columns);
                }
            KeptCorrelate.Reduce<TWide>(correlation.Places + first, pass.Sums, weights, pass.Gradient, add: false);
        }
    }

    /// <summary>The gradient before pooling, of a cell and of the pixels around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<TWide>(in PooledGradientPass pass, int row, int column, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout pooled = pass.Pool.Output;
        nint down = pooled.RowStride, patchRow = pass.Correlation.GradientRow;
        for (int channel = 0; channel < pooled.Channels; channel++)
        {
            nint place = pooled.Offset(channel, row / 2 - 1, column / 2);
            float* dy = pass.Dy + place;
            byte* winner = pass.Winner + place;
            float* target = pass.Patch + channel * pass.Correlation.GradientChannel;
            FetchNext(pass, channel, row, column, dy, winner);
            Line<TWide>(dy, winner, 2, target, columns / 2);
            for (int i = 0; i < rows; i += 2)
            {
                dy += down;
                winner += down;
                Line<TWide>(dy, winner, 0, target += patchRow, columns / 2);
                Line<TWide>(dy, winner, 2, target += patchRow, columns / 2);
            }
            Line<TWide>(dy + down, winner + down, 0, target + patchRow, columns / 2);
        }
    }

    /// <summary>What the next cell reads of one channel, of the windows and of x, if it is not in the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchNext(in PooledGradientPass pass, int channel, int row, int column, float* dy, byte* winner)
    {
        ConvolutionShape shape = pass.Correlation.Shape;
        int windows = pass.CellColumns / 2 * Lanes;
        if (shape.OutputLength < FetchAhead.Worthwhile) return;
        for (int i = 0; i < PooledConvolutionTable.CellRows / 2 + 1; i++)
        {
            dy += pass.Pool.Output.RowStride;
            winner += pass.Pool.Output.RowStride;
            FetchAhead.Four(dy + windows, Lanes);
            FetchAhead.Line(winner + windows);
        }
        if (channel >= shape.Inputs) return;
        float* x = pass.X + channel * shape.InputChannel + shape.InputStart + (row + 1) * shape.InputRow + (column + 1 + pass.CellColumns) * Lanes;
        for (int i = 0; i <= PooledConvolutionTable.CellRows; i++, x += shape.InputRow)
            for (int right = 0; right < pass.CellColumns; right += 4) FetchAhead.Four(x + right * Lanes, Lanes);
    }

    /// <summary>The upper (first = 0) or the lower (2) pixels under a row of windows, and one pixel to the left and one to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line<TWide>(float* dy, byte* winner, int first, float* target, int windows) where TWide : unmanaged, IWide<TWide>
    {
        TWide left = TWide.Broadcast(first), right = TWide.Broadcast(first + 1);
        Pixel(dy - Lanes, winner - Lanes, right, target);
        for (int i = 0; i < windows; i++, dy += Lanes, winner += Lanes)
        {
            Pixel(dy, winner, left, target += Lanes);
            Pixel(dy, winner, right, target += Lanes);
        }
        Pixel(dy, winner, left, target + Lanes);
    }

    /// <summary>As <see cref="MaxPoolGradient"/> does it, by adding to +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pixel<TWide>(float* dy, byte* winner, TWide number, float* target) where TWide : unmanaged, IWide<TWide> =>
        TWide.Store(target, TWide.Add(TWide.Zero, TWide.WhereEqual(TWide.FromBytes(Vector128.Load(winner)), number, TWide.Load(dy))));

    private static void Correlate<TWide, TCounter>(
        in PooledGradientPass pass, int channels, int row, int column, int rows, int columns, float* sums)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int first = pass.Correlation.TileSegments[channels], last = pass.Correlation.TileSegments[channels + 1];
        float* x = pass.X + pass.Correlation.Shape.InputStart + row * pass.Correlation.Shape.InputRow + column * Lanes;
        float* dy = pass.Patch + pass.Correlation.GradientRow + Lanes;
        for (int i = 0; i < columns; i += KeptCorrelate.Block)
            KeptCorrelate.Pixels<TWide, TCounter>(
                pass.Correlation, first, last, x + i * Lanes, dy + i * Lanes, rows, Math.Min(KeptCorrelate.Block, columns - i), sums, ahead: 0);
    }

    private static void Gather<TWide, TCounter>(in PooledGradientPass pass, int row, int column, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        var block = new KeptPass { Stencil = pass.Stencil, Weights = pass.Weights };
        for (int down = 0; down < rows; down += 2)
            for (int right = 0, width; right < columns; right += width)
            {
                width = columns - right < 4 ? 2 : 4;
                block.MoveTo(pass.Patch, pass.Gate, pass.Dx, row + down, column + right, width);
                block.Source = pass.Patch + (1 + down) * pass.Correlation.GradientRow + (1 + right) * Lanes;
                KeptConvolve.Sums<TWide, TCounter>(block, width);
            }
    }
}
