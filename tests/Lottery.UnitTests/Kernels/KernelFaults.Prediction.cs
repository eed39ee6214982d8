using Lottery.Kernels.Prediction;
using Lottery.Kernels.Sparse;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static unsafe partial class KernelFaults
{
    private static Fault[] Prediction =>
    [
        In<Interleave>("InterleaveForgetsPadding", k =>
        {
            for (int feature = 0; feature < k.Features; feature++)
                for (int lane = 0; lane < k.Count && k.TargetRows[feature] >= 0; lane++)
                    k.X[k.TargetRows[feature] * k.Lanes + lane] = k.Values[lane * k.Features + feature];
        }),
        In<Interleave>("InterleaveForgetsTail", k =>
        {
            Edit(k.TargetRows)[^1] = -1;
            k.Reference();
        }),
        In<SingleSparseForward>("SingleSparseOrder", k =>
        {
            SingleSparseLayout layout = k.Table.Layout;
            for (int i = 0; layout.Groups > 0 && layout.Lengths[0] > 1 && i < 8; i++)
            {
                Swap(ref layout.Inputs[i], ref layout.Inputs[i + 8]);
                Swap(ref layout.Weights[i], ref layout.Weights[i + 8]);
            }
            k.Reference();
        }),
        In<SingleSparseForward>("SingleSparseBiasLast", k =>
        {
            SingleSparseLayout layout = k.Table.Layout;
            Span<float> bias = new(layout.Bias, 8 * layout.Groups);
            float[] before = bias.ToArray();
            bias.Clear();
            (k with { Relu = false }).Reference();
            for (int i = 0; i < before.Length; i++)
            {
                float sum = k.Y[layout.Rows[i]] + before[i];
                k.Y[layout.Rows[i]] = !k.Relu || sum > 0 ? sum : 0;
            }
        }),
        In<SingleSparseForward>("SingleSparseForgetsRelu", k => (k with { Relu = false }).Reference()),
        In<SingleConvolutionForward>("SingleConvolutionOrder", k =>
        {
            SparseOffsetLayout layout = k.Table.Layout;
            if (layout.SegmentStarts[1] >= 2)
            {
                Swap(ref layout.Offsets[0], ref layout.Offsets[1]);
                Swap(ref Edit(k.Table.Weights)[0], ref Edit(k.Table.Weights)[1]);
            }
            k.Reference();
        }),
        In<SingleConvolutionForward>("SingleConvolutionForgetsLastBlock", k =>
        {
            SparseOffsetLayout layout = k.Table.Layout;
            SingleConvolutionForward.Reference(
                layout with { Columns = layout.Columns - 16 * k.Table.Width }, k.Table.Weights, k.Table.Bias, k.X, k.Y, k.Relu);
        }),
        In<SingleConvolutionForward>("SingleConvolutionAppliesReluInEveryTile", k =>
        {
            SparseOffsetLayout layout = k.Table.Layout;
            for (int tile = 0; tile < layout.Tiles; tile++)
                for (int segment = layout.TileSegments[tile]; segment < layout.TileSegments[tile + 1]; segment++)
                    for (int i = 0; i < layout.Columns; i++)
                    {
                        int channel = layout.SegmentTargets[segment];
                        ref float y = ref k.Y[channel * k.Table.SpanLength + i];
                        float sum = tile > 0 ? y : k.Table.Bias.IsEmpty ? 0 : k.Table.Bias[channel];
                        for (int w = layout.SegmentStarts[segment]; w < layout.SegmentStarts[segment + 1]; w++)
                            sum = MathF.FusedMultiplyAdd(k.Table.Weights[w], k.X[layout.Offsets[w] + i], sum);
                        y = !k.Relu || sum > 0 ? sum : 0;
                    }
        }),
        In<SingleWinogradForward>("SingleWinogradForgetsBias", k => (k with { Bias = default }).Reference()),
        In<SingleWinogradForward>("SingleWinogradForgetsNormalization", k => (k with { Normalization = default }).Reference()),
        In<SingleWinogradForward>("SingleWinogradForgetsRelu", k => (k with { Relu = false }).Reference()),
        In<SingleWinogradForward>("SingleWinogradAddsBiasAfterNormalization", k =>
        {
            if (k.Bias.IsEmpty || k.Normalization.IsEmpty)
            {
                k.Reference();
                return;
            }
            (k with { Bias = default, Relu = false }).Reference();
            int channel = SingleWinogradForward.ChannelLength(k.Shape);
            for (int i = 0; i < k.Shape.Outputs * channel; i++)
            {
                float value = k.Y[i] + k.Bias[i / channel];
                k.Y[i] = !k.Relu || value > 0 ? value : 0;
            }
        }),
        In<SingleWinogradForward>("SingleWinogradForgetsLastInput", k =>
        {
            Edit(k.X)[((k.Shape.Inputs - 1) * k.XSteps.Channel)..].Clear();
            k.Reference();
        }),
        In<SingleWinogradForward>("SingleWinogradLastBit", k =>
        {
            k.Reference();
            FlipLastBit(ref k.Y[(k.Shape.Outputs - 1) * SingleWinogradForward.ChannelLength(k.Shape) + k.Shape.OutputPixels - 1]);
        }),
        In<SingleWinogradForward>("SingleWinogradDescends", k =>
        {
            float[] images = k.X.ToArray(), weights = k.Packed.ToArray();
            int inputs = k.Shape.Inputs, each = Math.Min(k.XSteps.Channel, k.Shape.Rows * k.XSteps.Row);
            for (int input = 0; input < inputs; input++)
                k.X.Slice((inputs - 1 - input) * k.XSteps.Channel, each).CopyTo(images.AsSpan(input * k.XSteps.Channel));
            for (int row = 0; row < weights.Length / 16; row++)
                k.Packed.Slice((row / inputs * inputs + inputs - 1 - row % inputs) * 16, 16).CopyTo(weights.AsSpan(row * 16));
            (k with { X = images, Packed = weights }).Reference();
        }),
        In<SlidingMax>("SlidingMaxTakesLastOfEquals", k =>
        {
            for (int i = 0; i < k.Y.Length; i++)
            {
                float max = k.X[i + k.Offsets[0]];
                foreach (int offset in k.Offsets[1..]) max = k.X[i + offset] >= max ? k.X[i + offset] : max;
                k.Y[i] = max;
            }
        }),
        In<SlidingMax>("SlidingMaxForgetsLast", k => (k with { Offsets = k.Offsets[..Math.Max(1, k.Offsets.Length - 1)] }).Reference()),
    ];
}
