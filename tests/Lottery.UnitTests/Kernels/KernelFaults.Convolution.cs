using Lottery.Kernels.Convolution;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelFaults
{
    private static Fault[] Convolution =>
    [
        In<ConvolutionPacking>("ConvolutionPackingDoesNotRotate", k =>
        {
            k.Reference();
            if (k.Transposed && DenseConvolution.UsesWinograd(k.Shape))
                for (int i = 0; i < 16; i++) Swap(ref k.Packed[i], ref k.Packed[15 * 16 * k.Shape.Outputs + i]);
        }),
        In<ConvolutionForward>("ConvolutionForwardForgetsBias", k => (k with { Bias = default }).Reference()),
        In<ConvolutionForward>("ConvolutionForwardForgetsRelu", k => (k with { Relu = false }).Reference()),
        In<ConvolutionForward>("ConvolutionForwardLastBit", k =>
        {
            k.Reference();
            FlipLastBit(ref k.Y[k.Shape.OutputOffset(k.Shape.Outputs - 1, k.Shape.OutputPixels - 1) + 15]);
        }),
        In<ConvolutionForward>("ConvolutionForwardForgetsLastInput", k =>
        {
            Edit(k.X).Slice((k.Shape.Inputs - 1) * k.Shape.InputChannel, k.Shape.InputChannel).Clear();
            k.Reference();
        }),
        In<ConvolutionForward>("ConvolutionForwardDescends", k =>
        {
            ConvolutionShape shape = k.Shape;
            float[] images = k.X.ToArray(), weights = k.Packed.ToArray();
            int area = DenseConvolution.UsesWinograd(shape) ? 1 : shape.KernelArea, rows = shape.Inputs * area;
            for (int input = 0; input < shape.Inputs; input++)
                k.X.Slice((shape.Inputs - 1 - input) * shape.InputChannel, shape.InputChannel).CopyTo(images.AsSpan(input * shape.InputChannel));
            for (int row = 0; row < DenseConvolution.PackedLength(shape, false) / 16; row++)
            {
                int reversed = row / rows * rows + (shape.Inputs - 1 - row % rows / area) * area + row % area;
                k.Packed.Slice(reversed * 16, 16).CopyTo(weights.AsSpan(row * 16));
            }
            (k with { X = images, Packed = weights }).Reference();
        }),
        In<ConvolutionInputGradient>("ConvolutionInputGradientForgetsMask", k => (k with { ReluMask = default }).Reference()),
        In<ConvolutionInputGradient>("ConvolutionInputGradientInBorder", k =>
        {
            k.Reference();
            if (k.Shape.InputBorder > 0) k.Dx[k.Shape.InputLength - 1] = 1;
        }),
        In<ConvolutionWeightGradient>("ConvolutionWeightGradientOfOneLaneGroup", k => (k with { LaneGroups = 1 }).Reference()),
        In<ConvolutionWeightGradient>("ConvolutionWeightGradientOutOfRange", k => (k with { Outputs = ..k.Outputs.End }).Reference()),
        In<ConvolutionWeightGradient>("ConvolutionWeightGradientAdds", k =>
        {
            int from = k.Outputs.Start.Value;
            float before = k.Gradient[from];
            k.Reference();
            k.Gradient[from] += before;
        }),
        In<ConvolutionBiasGradient>("ConvolutionBiasGradientForgetsLastRow", k =>
        {
            int last = (k.Shape.OutputBorder + k.Shape.OutputRows - 1) * k.Shape.OutputRow;
            Edit(k.Dy).Slice((k.Shape.Outputs - 1) * k.Shape.OutputChannel + last, k.Shape.OutputRow).Clear();
            k.Reference();
        }),
    ];
}
