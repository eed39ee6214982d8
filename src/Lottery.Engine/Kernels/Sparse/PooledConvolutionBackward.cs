using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Pooling;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// The backward pass of <see cref="PooledConvolutionForward"/>, one lane group: <see cref="MaxPoolBackward"/>, then from its
/// result <see cref="SparseConvolutionInputGradient"/> and <see cref="SparseConvolutionWeightGradient"/>.
/// </summary>
/// <remarks>Order: that of the three kernels, one after the other.</remarks>
internal unsafe ref struct PooledConvolutionBackward : IKernel
{
    private const int Lanes = ConvolutionShape.Lanes;

    /// <summary>The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</summary>
    public required SparseConvolutionTable Table;

    /// <summary><c>[kept]</c>, from <see cref="SparseConvolutionTable.CopyByInput"/>.</summary>
    public required ReadOnlySpan<float> WeightsByInput;

    /// <summary>From <see cref="PooledConvolutionForward"/>, its border zero.</summary>
    public required ReadOnlySpan<byte> ArgMax;

    /// <summary>One lane group of the pooled image's gradient, its border zero.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>One lane group of the input, its border zero.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>Whether a ReLU computed x: the gradient at the input is then 0 where x is not above 0.</summary>
    public required bool ReluMask;

    /// <summary>One lane group of the gradient at the input, its border not written; empty where no layer reads it.</summary>
    public required Span<float> Dx;

    /// <summary><see cref="PooledConvolutionTable.BackwardWorkspaceLength"/> values, separate for each thread.</summary>
    public required Span<float> Workspace;

    /// <summary><c>[kept]</c>, in stored order.</summary>
    public required Span<float> Gradient;

    public readonly void Check()
    {
        int pooled = Table.Pooled.Windows.Output.Length;
        IKernel.Require(PooledConvolutionTable.Fits(Table.Shape) && WeightsByInput.Length >= Table.Kept && Gradient.Length >= Table.Kept);
        IKernel.Require(ArgMax.Length >= pooled && Dy.Length >= pooled && Workspace.Length >= Table.Pooled.BackwardWorkspaceLength);
        IKernel.Require(X.Length >= Table.Shape.InputLength && (Dx.IsEmpty || Dx.Length >= Table.Shape.InputLength));
    }

    public readonly void Reference()
    {
        float[] unpooled = Unpooled(Table.Pooled.Windows, ArgMax, Dy);
        if (!Dx.IsEmpty)
            OffsetSums.Reference(
                Table.ByInput[0].Layout, WeightsByInput, default, unpooled, ReluMask ? X : default, Dx, relu: false);
        SparseConvolutionWeightGradient.Reference(Table.ForGradient.Layout, 0, 1, X, unpooled, Gradient, add: false);
    }

    /// <summary>The gradient before pooling, as an image.</summary>
    public static float[] Unpooled(in PoolShape pool, ReadOnlySpan<byte> argMax, ReadOnlySpan<float> dy)
    {
        float[] unpooled = new float[pool.Input.Length], indices = new float[pool.Output.Length];
        for (int i = 0; i < indices.Length; i++) indices[i] = argMax[i];
        new MaxPoolBackward { Pool = pool, ArgMax = indices, Y = dy, Dy = dy, Dx = unpooled, ReluMask = false }.Reference();
        return unpooled;
    }

    /// <summary>
    /// Cell after cell, in the order of the weight gradient's blocks: the cell's gradient before pooling is spread over the
    /// patch, and stays in the second-level cache while the sums of weights and then those of pixels read it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        PooledConvolutionTable pooled = Table.Pooled;
        GradientOffsetLayout layout = pooled.ForGradient;
        ConvolutionShape shape = layout.Shape;
        fixed (float* weights = WeightsByInput, dy = Dy, x = X, dx = Dx, workspace = Workspace, gradient = Gradient)
        fixed (byte* argMax = ArgMax)
        {
            var pass = new Pass
            {
                ByInput = pooled.ByInput, ForGradient = layout, Pool = pooled.Windows, CellColumns = pooled.CellColumns, Weights = weights,
                ArgMax = argMax, Dy = dy, X = x, ReluMask = ReluMask ? x : null, Dx = dx, Patch = workspace + pooled.SumsLength,
            };
            for (int from = 0; from < layout.Tiles; from += layout.TilesInGroup)
            {
                int to = Math.Min(from + layout.TilesInGroup, layout.Tiles);
                int first = layout.FirstWeight(from), count = layout.FirstWeight(to) - first;
                var sums = new BandSums(workspace + (pooled.SumsLength / 2) - (nint)first * Lanes, workspace - (nint)first * Lanes);
                new Span<float>(workspace, count * Lanes).Clear();
                for (int row = 0; row < shape.Rows; row += PooledConvolutionTable.CellRows)
                    for (int column = 0; column < shape.Columns; column += pass.CellColumns)
                    {
                        int rows = Math.Min(PooledConvolutionTable.CellRows, shape.Rows - row);
                        int columns = Math.Min(pass.CellColumns, shape.Columns - column);
                        Spread<TWide>(pass, row, column, rows, columns);
                        for (int channels = from; channels < to; channels++)
                            AddWeightGradients<TWide>(pass, channels, row, column, rows, columns, sums);
                        if (from == 0 && dx != null) Gather<TWide>(pass, row, column, rows, columns);
                    }
                SparseConvolutionWeightGradient.Reduce<TWide>(layout.Indices + first, workspace, count, gradient, add: false);
            }
        }
    }

    /// <summary>The gradient before pooling, of a cell and of the pixels around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<TWide>(in Pass pass, int row, int column, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        ImageLayout pooled = pass.Pool.Output;
        nint down = pooled.RowStride, patchRow = pass.ForGradient.GradientRow;
        for (int channel = 0; channel < pooled.Channels; channel++)
        {
            nint offset = pooled.Offset(channel, row / 2 - 1, column / 2);
            float* dy = pass.Dy + offset;
            byte* argMax = pass.ArgMax + offset;
            float* target = pass.Patch + channel * pass.ForGradient.GradientChannel;
            PrefetchNext(pass, channel, row, column, dy, argMax);
            Line<TWide, LowerRow>(dy, argMax, target, patchRow, columns / 2);
            target += patchRow;
            for (int i = 0; i < rows; i += 2, target += 2 * patchRow)
                Line<TWide, BothRows>(dy += down, argMax += down, target, patchRow, columns / 2);
            Line<TWide, UpperRow>(dy + down, argMax + down, target, patchRow, columns / 2);
        }
    }

    /// <summary>Prefetches one channel of what the next cell reads, of the windows and of x, if it is not in the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(in Pass pass, int channel, int row, int column, float* dy, byte* argMax)
    {
        ConvolutionShape shape = pass.ForGradient.Shape;
        int windows = pass.CellColumns / 2 * Lanes;
        if (shape.OutputLength < Prefetch.Worthwhile) return;
        for (int i = 0; i < PooledConvolutionTable.CellRows / 2 + 1; i++)
        {
            dy += pass.Pool.Output.RowStride;
            argMax += pass.Pool.Output.RowStride;
            Prefetch.Four(dy + windows, Lanes);
            Prefetch.Line(argMax + windows);
        }
        if (channel >= shape.Inputs) return;
        float* x = pass.X + channel * shape.InputChannel + shape.InputStart + (row + 1) * shape.InputRow + (column + 1 + pass.CellColumns) * Lanes;
        for (int i = 0; i <= PooledConvolutionTable.CellRows; i++, x += shape.InputRow)
            for (int right = 0; right < pass.CellColumns; right += 4) Prefetch.Four(x + right * Lanes, Lanes);
    }

    /// <summary>Rows of pixels under a row of windows, with one pixel to the left and one to the right; the second row lies <paramref name="down"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line<TWide, TRows>(float* dy, byte* argMax, float* target, nint down, int windows)
        where TWide : unmanaged, IWide<TWide>
        where TRows : struct, IRows
    {
        Column<TWide, TRows>(TWide.FromBytes(Vector128.Load(argMax - Lanes)), TWide.Load(dy - Lanes), 1, target, down);
        target += Lanes;
        for (int i = 0; i < windows; i++, dy += Lanes, argMax += Lanes, target += 2 * Lanes)
        {
            TWide index = TWide.FromBytes(Vector128.Load(argMax)), gradient = TWide.Load(dy);
            Column<TWide, TRows>(index, gradient, 0, target, down);
            Column<TWide, TRows>(index, gradient, 1, target + Lanes, down);
        }
        Column<TWide, TRows>(TWide.FromBytes(Vector128.Load(argMax)), TWide.Load(dy), 0, target, down);
    }

    /// <summary>One column (0 or 1) of a window's pixels, as <see cref="MaxPoolBackward"/> does it, by adding to +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TWide, TRows>(TWide index, TWide gradient, int column, float* target, nint down)
        where TWide : unmanaged, IWide<TWide>
        where TRows : struct, IRows
    {
        if (TRows.Upper) TWide.Store(target, TWide.Add(TWide.Zero, TWide.WhereEqual(index, TWide.Broadcast(column), gradient)));
        if (TRows.Lower)
            TWide.Store(TRows.Upper ? target + down : target, TWide.Add(TWide.Zero, TWide.WhereEqual(index, TWide.Broadcast(column + 2), gradient)));
    }

    private static void AddWeightGradients<TWide>(
        in Pass pass, int channels, int row, int column, int rows, int columns, BandSums sums)
        where TWide : unmanaged, IWide<TWide>
    {
        int first = pass.ForGradient.TileSegments[channels], last = pass.ForGradient.TileSegments[channels + 1];
        float* x = pass.X + pass.ForGradient.Shape.InputStart + row * pass.ForGradient.Shape.InputRow + column * Lanes;
        float* dy = pass.Patch + pass.ForGradient.GradientRow + Lanes;
        for (int i = 0; i < columns; i += SparseConvolutionWeightGradient.Block)
            SparseConvolutionWeightGradient.Pixels<TWide>(
                pass.ForGradient, first, last, x + i * Lanes, dy + i * Lanes, rows, column + i, sums, ahead: 0);
    }

    private static void Gather<TWide>(in Pass pass, int row, int column, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        var block = new OffsetBlock { Layout = pass.ByInput, Weights = pass.Weights };
        for (int down = 0; down < rows; down += 2)
            for (int right = 0, width; right < columns; right += width)
            {
                width = columns - right < 4 ? 2 : 4;
                block.MoveTo(pass.Patch, pass.ReluMask, pass.Dx, row + down, column + right, width);
                block.Source = pass.Patch + (1 + down) * pass.ForGradient.GradientRow + (1 + right) * Lanes;
                OffsetSums.Sums<TWide>(block, width);
            }
    }

    /// <summary>The rows of a window's pixels that are spread, as constants.</summary>
    private interface IRows
    {
        static abstract bool Upper { get; }

        static abstract bool Lower { get; }
    }

    private readonly struct UpperRow : IRows
    {
        public static bool Upper => true;

        public static bool Lower => false;
    }

    private readonly struct LowerRow : IRows
    {
        public static bool Upper => false;

        public static bool Lower => true;
    }

    private readonly struct BothRows : IRows
    {
        public static bool Upper => true;

        public static bool Lower => true;
    }

    /// <summary>The kernel's addresses.</summary>
    private struct Pass
    {
        /// <summary>The weights by input; offsets in the patch.</summary>
        public SparseOffsetLayout ByInput;

        /// <summary>The weights as their gradient is summed; dy in the patch.</summary>
        public GradientOffsetLayout ForGradient;
        public PoolShape Pool;
        public int CellColumns;
        public byte* ArgMax;
        public float* Weights, Dy, X, ReluMask, Dx, Patch;
    }
}
