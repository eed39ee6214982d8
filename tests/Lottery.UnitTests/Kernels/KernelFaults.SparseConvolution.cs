using Lottery.Kernels.Convolution;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Pooling;
using Lottery.Kernels.Sparse;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static unsafe partial class KernelFaults
{
    private static Fault[] SparseConvolution =>
    [
        In<SparseConvolutionForward>("SumLastBit", k =>
        {
            k.Reference();
            ConvolutionShape shape = k.Table.Shape;
            if (shape.Outputs > 0) FlipLastBit(ref k.Y[shape.OutputOffset(shape.Outputs - 1, 0)]);
        }),
        In<SparseConvolutionForward>("SumOrder", k =>
        {
            SparseOffsetLayout layout = k.Table.ByOutput.Layout;
            if (layout.Targets > 0 && layout.SegmentStarts[1] >= 2)
            {
                Swap(ref layout.Offsets[0], ref layout.Offsets[1]);
                Swap(ref Edit(k.Weights)[0], ref Edit(k.Weights)[1]);
            }
            k.Reference();
        }),
        In<SparseConvolutionForward>("SumRoundsTwice", k =>
        {
            k.Reference();
            SparseOffsetLayout layout = k.Table.ByOutput.Layout;
            if (layout.Targets == 0 || layout.Tiles > 1 || layout.Rows * layout.Columns == 0) return;
            int channel = layout.SegmentTargets[0];
            float sum = k.Bias.IsEmpty ? 0 : k.Bias[channel];
            for (int w = 0; w < layout.SegmentStarts[1]; w++)
            {
                float product = k.Weights[w] * k.X[(int)layout.SourceStart + layout.Offsets[w]];
                sum += product;
            }
            k.Y[(int)(layout.TargetStart + channel * layout.TargetChannel)] = k.Relu && !(sum > 0) ? 0 : sum;
        }),
        In<SparseConvolutionForward>("SumForgetsEmptyTargets", k =>
        {
            SparseOffsetLayout layout = k.Table.ByOutput.Layout;
            if (layout.Targets == 0) return;
            int end = layout.TileSegments[layout.Tiles];
            if (layout.SegmentStarts[end] == layout.SegmentStarts[end - 1] && layout.Tiles == 1) layout.TileSegments[1]--;
            k.Reference();
        }),
        In<SparseConvolutionForward>("SumForgetsLastColumn", k => Sums(k, k.Table.ByOutput.Layout.Columns / 2 * 2)),
        In<SparseConvolutionForward>("SumForgetsBias", k => (k with { Bias = default }).Reference()),
        In<SparseConvolutionForward>("SumWritesBorder", k => Sums(k, k.Table.ByOutput.Layout.Columns + 1)),
        In<SparseConvolutionInputGradient>("SumWithoutMask", k => (k with { ReluMask = default }).Reference()),
        In<SparseConvolutionInputGradient>("SumForgetsLastRow", k =>
        {
            int start = 0;
            foreach (SparseOffsetTable table in k.Table.ByInput)
            {
                SparseOffsetLayout layout = table.Layout with { Rows = table.Layout.Rows / 2 * 2 };
                OffsetSums.Reference(layout, k.WeightsByInput[start..], default, k.Dy, k.ReluMask, k.Dx, relu: false);
                start += table.Kept;
            }
        }),
        In<SparseConvolutionWeightGradient>("CorrelationLastBit", k =>
        {
            k.Reference();
            if (k.Part == 0 && k.Table.Kept > 0) FlipLastBit(ref k.Gradient[k.Table.ForGradient.Layout.Indices[0]]);
        }),
        In<SparseConvolutionWeightGradient>("CorrelationForgetsLastWeight", k =>
        {
            int last = k.Table.Kept == 0 ? -1 : k.Table.ForGradient.Layout.Indices[k.Table.Kept - 1];
            float before = last < 0 ? 0 : k.Gradient[last];
            k.Reference();
            if (last >= 0) k.Gradient[last] = before;
        }),
        In<SparseConvolutionWeightGradient>("CorrelationForgetsLastLaneGroup", k =>
            (k with { LaneGroups = Math.Max(1, k.LaneGroups - 1) }).Reference()),
        In<SparseConvolutionWeightGradient>("CorrelationInRowOrder", k =>
        {
            k.Reference();
            GradientOffsetLayout layout = k.Table.ForGradient.Layout;
            ConvolutionShape shape = layout.Shape;
            if (k.Table.Kept == 0 || shape.OutputColumns <= 4 || k.LaneGroups > 1 || k.Add) return;
            k.Gradient[layout.Indices[0]] = Correlation(k, block: shape.OutputColumns);
        }),
        In<SparseConvolutionWeightGradient>("CorrelationWithoutBands", k =>
        {
            k.Reference();
            GradientOffsetLayout layout = k.Table.ForGradient.Layout;
            if (k.Table.Kept == 0 || layout.Shape.OutputRows <= 4 || k.LaneGroups > 1 || k.Add) return;
            k.Gradient[layout.Indices[0]] = Correlation(k, block: 4);
        }),
        In<SparseConvolutionWeightGradient>("CorrelationForgetsToAdd", k => (k with { Add = false }).Reference()),
        In<SparseConvolutionWeightGradient>("CorrelationWritesPastItsWorkspace", k =>
        {
            k.Reference();
            k.Workspace[k.Table.WorkspaceLength] = 0;
        }),
    ];

    private static Fault[] PooledConvolution =>
    [
        In<PooledConvolutionForward>("PooledLastBit", k =>
        {
            k.Reference();
            if (k.Table.Shape.Outputs > 0) FlipLastBit(ref k.Y[k.Table.Pooled.Windows.Output.Offset(k.Table.Shape.Outputs - 1, 0, 0)]);
        }),
        In<PooledConvolutionForward>("PooledForgetsInactiveWindows", k =>
        {
            k.Reference();
            foreach (ref byte index in k.ArgMax[..k.Table.Pooled.Windows.Output.Length])
                if (index == PooledConvolutionForward.None) index = 0;
        }),
        In<PooledConvolutionForward>("PooledLastOfEquals", k =>
        {
            k.Reference();
            int first = k.Table.Pooled.Windows.Output.Offset(0, 0, 0);
            if (!k.Relu && k.Bias.IsEmpty && k.Table.Shape.Outputs > 0 && k.Y[first] == 0) k.ArgMax[first] = 3;
        }),
        In<PooledConvolutionBackward>("UnpooledWithoutMask", k => (k with { ReluMask = false }).Reference()),
        In<PooledConvolutionBackward>("UnpooledToTheFirst", k => (k with { ArgMax = new byte[k.ArgMax.Length] }).Reference()),
        In<PooledConvolutionBackward>("UnpooledGradientLastBit", k =>
        {
            k.Reference();
            if (k.Table.Kept > 0) FlipLastBit(ref k.Gradient[k.Table.Kept - 1]);
        }),
        In<PooledConvolutionBiasGradient>("UnpooledBiasByWindows", k =>
        {
            PoolShape pool = k.Table.Pooled.Windows;
            Span<float> sums = stackalloc float[16];
            for (int channel = 0; channel < pool.Output.Channels; channel++)
            {
                sums.Clear();
                for (int row = 0; row < pool.Output.Rows; row++)
                    for (int i = 0; i < pool.Output.Columns * 16; i++)
                    {
                        int index = pool.Output.Offset(channel, row, 0) + i;
                        sums[i % 16] += k.ArgMax[index] < PooledConvolutionForward.None ? k.Dy[index] : 0;
                    }
                k.Gradient[channel] = LaneSum.Tree(sums);
            }
        }),
    ];

    /// <summary>The first weight's gradient as one sum a lane, in blocks of four rows and some columns.</summary>
    private static float Correlation(in SparseConvolutionWeightGradient k, int block)
    {
        GradientOffsetLayout layout = k.Table.ForGradient.Layout;
        ConvolutionShape shape = layout.Shape;
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        ReadOnlySpan<float> x = k.X[(shape.InputStart + layout.Offsets[0])..], dy = k.Dy[shape.OutputOffset(layout.SegmentOutputs[0], 0)..];
        for (int top = 0; top < shape.OutputRows; top += 4)
            for (int left = 0; left < shape.OutputColumns; left += block)
                for (int row = top; row < Math.Min(top + 4, shape.OutputRows); row++)
                    for (int column = left; column < Math.Min(left + block, shape.OutputColumns); column++)
                        for (int lane = 0; lane < 16; lane++)
                            lanes[lane] = MathF.FusedMultiplyAdd(
                                dy[row * shape.OutputRow + column * 16 + lane],
                                x[shape.Stride * (row * shape.InputRow + column * 16) + lane], lanes[lane]);
        return LaneSum.Tree(lanes);
    }

    private static void Sums(in SparseConvolutionForward k, int columns) => OffsetSums.Reference(
        k.Table.ByOutput.Layout with { Columns = columns }, k.Weights, k.Bias, k.X, default, k.Y, k.Relu);
}
