using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which the kernels of dense convolutions could be slightly wrong.</summary>
internal static unsafe class BrokenConvolutionKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.DenseConvolutionPack), new ConvolutionPackDoesNotTurn()),
        (nameof(KernelSet.DenseConvolutionForward), new ConvolutionForwardForgetsBias()),
        (nameof(KernelSet.DenseConvolutionForward), new ConvolutionForwardForgetsRelu()),
        (nameof(KernelSet.DenseConvolutionForward), new ConvolutionForwardLastBit()),
        (nameof(KernelSet.DenseConvolutionForward), new ConvolutionForwardForgetsLastInput()),
        (nameof(KernelSet.DenseConvolutionForward), new ConvolutionForwardDescends()),
        (nameof(KernelSet.DenseConvolutionInputGradient), new ConvolutionInputGradientForgetsGate()),
        (nameof(KernelSet.DenseConvolutionInputGradient), new ConvolutionInputGradientInBorder()),
        (nameof(KernelSet.DenseConvolutionWeightGradient), new ConvolutionWeightGradientOfOneTile()),
        (nameof(KernelSet.DenseConvolutionWeightGradient), new ConvolutionWeightGradientOutOfRange()),
        (nameof(KernelSet.DenseConvolutionWeightGradient), new ConvolutionWeightGradientAdds()),
        (nameof(KernelSet.ConvolutionBiasGradient), new ConvolutionBiasGradientForgetsLastRow()),
    ];

    private sealed class ConvolutionPackDoesNotTurn : BrokenKernels
    {
        protected override void DenseConvolutionPack(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
        {
            base.DenseConvolutionPack(shape, weights, packed, transposed);
            if (transposed && DenseConvolution.ByWinograd(shape))
                for (int i = 0; i < 16; i++) Swap(packed + i, packed + 15 * 16 * shape.Outputs + i);
        }
    }

    private sealed class ConvolutionForwardForgetsBias : BrokenKernels
    {
        protected override void DenseConvolutionForward(
            in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu) =>
            base.DenseConvolutionForward(shape, packed, null, x, y, work, relu);
    }

    private sealed class ConvolutionForwardForgetsRelu : BrokenKernels
    {
        protected override void DenseConvolutionForward(
            in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu) =>
            base.DenseConvolutionForward(shape, packed, bias, x, y, work, false);
    }

    private sealed class ConvolutionForwardLastBit : BrokenKernels
    {
        protected override void DenseConvolutionForward(
            in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        {
            base.DenseConvolutionForward(shape, packed, bias, x, y, work, relu);
            FlipLastBit(y + shape.OutputPlace(shape.Outputs - 1, shape.OutputPixels - 1) + 15);
        }
    }

    private sealed class ConvolutionForwardForgetsLastInput : BrokenKernels
    {
        protected override void DenseConvolutionForward(
            in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        {
            new Span<float>(x + (shape.Inputs - 1) * shape.InputChannel, shape.InputChannel).Clear();
            base.DenseConvolutionForward(shape, packed, bias, x, y, work, relu);
        }
    }

    /// <summary>Input channels summed from the last to the first.</summary>
    private sealed class ConvolutionForwardDescends : BrokenKernels
    {
        protected override void DenseConvolutionForward(
            in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        {
            var xs = new Span<float>(x, shape.InputLength);
            float[] images = xs.ToArray(), weights = new Span<float>(packed, DenseConvolution.PackedLength(shape, false)).ToArray();
            int taps = DenseConvolution.ByWinograd(shape) ? 1 : shape.Taps, rows = shape.Inputs * taps;
            for (int input = 0; input < shape.Inputs; input++)
                images.AsSpan((shape.Inputs - 1 - input) * shape.InputChannel, shape.InputChannel).CopyTo(xs[(input * shape.InputChannel)..]);
            for (int row = 0; row < weights.Length / 16; row++)
            {
                int turned = row / rows * rows + (shape.Inputs - 1 - row % rows / taps) * taps + row % taps;
                weights.AsSpan(turned * 16, 16).CopyTo(new Span<float>(packed + row * 16, 16));
            }
            base.DenseConvolutionForward(shape, packed, bias, x, y, work, relu);
        }
    }

    private sealed class ConvolutionInputGradientForgetsGate : BrokenKernels
    {
        protected override void DenseConvolutionInputGradient(
            in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work) =>
            base.DenseConvolutionInputGradient(shape, packed, dy, null, dx, work);
    }

    private sealed class ConvolutionInputGradientInBorder : BrokenKernels
    {
        protected override void DenseConvolutionInputGradient(
            in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work)
        {
            base.DenseConvolutionInputGradient(shape, packed, dy, gate, dx, work);
            if (shape.InputBorder > 0) dx[shape.InputLength - 1] = 1;
        }
    }

    private sealed class ConvolutionWeightGradientOfOneTile : BrokenKernels
    {
        protected override void DenseConvolutionWeightGradient(
            in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work) =>
            base.DenseConvolutionWeightGradient(shape, x, dy, 1, from, to, gradient, work);
    }

    private sealed class ConvolutionWeightGradientOutOfRange : BrokenKernels
    {
        protected override void DenseConvolutionWeightGradient(
            in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work) =>
            base.DenseConvolutionWeightGradient(shape, x, dy, tiles, 0, to, gradient, work);
    }

    private sealed class ConvolutionWeightGradientAdds : BrokenKernels
    {
        protected override void DenseConvolutionWeightGradient(
            in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work)
        {
            float before = gradient[from];
            base.DenseConvolutionWeightGradient(shape, x, dy, tiles, from, to, gradient, work);
            gradient[from] += before;
        }
    }

    private sealed class ConvolutionBiasGradientForgetsLastRow : BrokenKernels
    {
        protected override void ConvolutionBiasGradient(in ConvolutionShape shape, float* dy, int tiles, float* gradient)
        {
            int last = (shape.OutputBorder + shape.OutputRows - 1) * shape.OutputRow;
            new Span<float>(dy + (shape.Outputs - 1) * shape.OutputChannel + last, shape.OutputRow).Clear();
            base.ConvolutionBiasGradient(shape, dy, tiles, gradient);
        }
    }
}
