using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Pooling;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// <see cref="SparseConvolutionForward"/>, the ReLU that follows, and <see cref="MaxPoolForward"/> of 2×2 pixels fused, one
/// lane group: the image between them, four times as large as the result, is never stored.
/// </summary>
/// <remarks>
/// Order: that of the two kernels, one after the other. An index counts the pixels of a window row by row from 0, and is
/// <see cref="None"/> where a ReLU blocks the gradient: a backward pass that has it needs neither y nor the convolution's output.
/// </remarks>
internal unsafe ref struct PooledConvolutionForward : IKernel
{
    /// <summary>The index of a window in which no value is above 0, where there is a ReLU.</summary>
    public const byte None = 4;

    /// <summary>Values of a block of one channel: two rows of four pixels.</summary>
    public const int Block = 2 * Width * Lanes;

    private const int Width = 4, Lanes = ConvolutionShape.Lanes;

    /// <summary>The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</summary>
    public required SparseConvolutionTable Table;

    /// <summary><c>[kept]</c>, in stored order.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><c>[outputs]</c>, or empty for +0.</summary>
    public required ReadOnlySpan<float> Bias;

    /// <summary>One lane group of the input, its border zero.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>One lane group of the pooled image; its border is not written.</summary>
    public required Span<float> Y;

    /// <summary>The index of each window's largest pixel, as y; its border is not written.</summary>
    public required Span<byte> ArgMax;

    /// <summary><see cref="PooledConvolutionTable.ForwardWorkspaceLength"/> values, separate for each thread.</summary>
    public required Span<float> Workspace;

    /// <summary>Whether a ReLU follows the convolution.</summary>
    public required bool Relu;

    public readonly void Check()
    {
        int pooled = Table.Pooled.Windows.Output.Length;
        IKernel.Require(PooledConvolutionTable.Fits(Table.Shape) && X.Length >= Table.Shape.InputLength);
        IKernel.Require(Weights.Length >= Table.Kept && (Bias.IsEmpty || Bias.Length >= Table.Shape.Outputs));
        IKernel.Require(Y.Length >= pooled && ArgMax.Length >= pooled && Workspace.Length >= Table.Pooled.ForwardWorkspaceLength);
    }

    public readonly void Reference()
    {
        PoolShape pool = Table.Pooled.Windows;
        float[] convolved = new float[pool.Input.Length], argMax = new float[pool.Output.Length];
        new SparseConvolutionForward { Table = Table, Weights = Weights, Bias = Bias, X = X, Y = convolved, Relu = Relu }.Reference();
        new MaxPoolForward { Pool = pool, X = convolved, Y = Y, ArgMax = argMax }.Reference();
        for (int channel = 0; channel < pool.Output.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int i = pool.Output.Offset(channel, row, 0); i < pool.Output.Offset(channel, row, pool.Output.Columns); i++)
                    ArgMax[i] = Relu && !(Y[i] > 0) ? None : (byte)argMax[i];
    }

    /// <summary>The sums of a block of pixels of every channel are stored in the workspace, where the windows read them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        SparseOffsetLayout layout = Table.ByOutput.Layout;
        ConvolutionShape shape = Table.Shape;
        ImageLayout pooled = Table.Pooled.Windows.Output;
        bool relu = Relu;
        fixed (float* weights = Weights, bias = Bias, x = X, y = Y, block = Workspace)
        fixed (byte* argMax = ArgMax)
        {
            var pass = new OffsetBlock { Weights = weights, Bias = bias, Relu = relu, Target = block };
            pass.Layout = layout with { TargetChannel = Block, TargetRow = Width * Lanes, TargetColumn = Lanes };
            for (int row = 0; row < layout.Rows; row += 2)
                for (int column = 0, width; column < layout.Columns; column += width)
                {
                    width = layout.Columns - column < Width ? 2 : Width;
                    pass.Source = x + layout.SourceStart + row * layout.SourceRow + column * layout.SourceColumn;
                    OffsetSums.Sums<TWide>(pass, width);
                    PrefetchNext(shape, column + 2 * Width <= shape.Columns
                        ? pass.Source + shape.InputRow + (Width + 1) * Lanes
                        : x + shape.InputStart + (row + 3) * shape.InputRow);
                    int offset = pooled.Offset(0, row / 2, column / 2);
                    nint ahead = shape.OutputLength < Prefetch.Worthwhile ? 0
                        : column + 2 * Width <= layout.Columns ? Width / 2 * Lanes : pooled.RowStride - column / 2 * Lanes;
                    Pool<TWide>(pooled, block, y + offset, argMax + offset, width / 2, relu, ahead);
                }
        }
    }

    /// <summary>The pixels that the next block reads first of all, of every channel.</summary>
    private static void PrefetchNext(in ConvolutionShape shape, float* x)
    {
        if (shape.InputLength < Prefetch.Worthwhile) return;
        for (int input = 0; input < shape.Inputs; input++, x += shape.InputChannel)
        {
            Prefetch.Four(x, Lanes);
            Prefetch.Four(x + shape.InputRow, Lanes);
        }
    }

    /// <summary>The windows of one block, of every channel; where they lie <paramref name="ahead"/> is prefetched, unless that is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pool<TWide>(in ImageLayout output, float* block, float* y, byte* argMax, int windows, bool relu, nint ahead)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide one = TWide.Broadcast(1), two = TWide.Broadcast(2), three = TWide.Broadcast(3), none = TWide.Broadcast(None);
        nint next = output.ChannelStride;
        for (int channel = 0; channel < output.Channels; channel++, block += Block, y += next, argMax += next)
        {
            if (ahead != 0)
            {
                Prefetch.Line(y + ahead);
                Prefetch.Line(y + ahead + Lanes);
                Prefetch.Line(argMax + ahead);
            }
            for (int i = 0; i < windows; i++)
            {
                float* upper = block + 2 * i * Lanes, lower = upper + Width * Lanes;
                TWide max = TWide.Load(upper), index = TWide.Zero;
                MaxPoolForward.Replace(upper + Lanes, one, ref max, ref index);
                MaxPoolForward.Replace(lower, two, ref max, ref index);
                MaxPoolForward.Replace(lower + Lanes, three, ref max, ref index);
                if (relu) index = TWide.WhereGreater(max, TWide.Zero, index, none);
                TWide.Store(y + i * Lanes, max);
                TWide.ToBytes(index).Store(argMax + i * Lanes);
            }
        }
    }
}
