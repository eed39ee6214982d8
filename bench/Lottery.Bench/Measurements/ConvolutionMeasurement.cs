using System.Collections.Immutable;
using Lottery.Bench.Results;
using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Numerics;

namespace Lottery.Bench.Measurements;

/// <summary>The products of dense convolutions, one tile of sixteen images at a time, at every vector width that the processor has.</summary>
internal static class ConvolutionMeasurement
{
    /// <summary>The layers of Conv-2/4/6 and of ResNet-20.</summary>
    private static readonly ImmutableArray<ConvolutionShape> s_shapes =
    [
        Same(3, 64, 32), Same(64, 64, 32), Same(64, 128, 16), Same(128, 128, 16), Same(128, 256, 8), Same(256, 256, 8),
        Same(16, 16, 32), Same(32, 32, 16), Same(64, 64, 8), Same(16, 32, 32) with { Stride = 2 },
        Same(16, 32, 32) with { Kernel = 1, Stride = 2, Padding = 0 },
    ];

    public static ImmutableArray<ConvolutionRow> Run(double secondsInRound) =>
    [
        .. from name in KernelRegistry.Available
           where name != "reference"
           from shape in s_shapes
           select Measure(KernelRegistry.Get(name), shape, secondsInRound),
    ];

    private static ConvolutionShape Same(int inputs, int outputs, int side) => new(inputs, outputs, 3, 1, 1, side, side, 1, 1);

    private static ConvolutionRow Measure(KernelSet kernels, ConvolutionShape s, double secondsInRound)
    {
        using var weights = Filled(s.DenseWeights);
        using var x = Filled(s.InputLength);
        using var y = Filled(s.OutputLength);
        using var dx = Filled(s.InputLength);
        using var packed = Filled(DenseConvolution.PackedLength(s, transposed: false));
        using var transposed = Filled(DenseConvolution.PackedLength(s, transposed: true));
        using var work = Filled(Math.Max(DenseConvolution.WorkspaceLength(s), DenseConvolution.GradientWorkspaceLength(s, s.PaddedOutputs)));
        double flop = 2.0 * s.Inputs * s.Outputs * s.KernelArea * s.OutputPixels * ConvolutionShape.Lanes;
        double Rate(Action action) => flop / KernelMeasurement.Seconds(action, secondsInRound) / 1e9;
        return new(kernels.Name,
            $"{s.Inputs} → {s.Outputs}, {s.Kernel}×{s.Kernel}{(s.Stride > 1 ? $", stride {s.Stride}" : "")}, {s.Rows}×{s.Columns}",
            Rate(() => kernels.Run(new ConvolutionForward
            {
                Shape = s, Packed = packed.Span, Bias = weights.Span[..s.Outputs], X = x.Span, Y = y.Span, Workspace = work.Span, Relu = true,
            })),
            Rate(() => kernels.Run(new ConvolutionInputGradient
            {
                Shape = s, Packed = transposed.Span, Dy = y.Span, ReluMask = x.Span, Dx = dx.Span, Workspace = work.Span,
            })),
            Rate(() => kernels.Run(new ConvolutionWeightGradient
            {
                Shape = s, X = x.Span, Dy = y.Span, LaneGroups = 1, Outputs = .., Gradient = weights.Span, Workspace = work.Span,
            })));
    }

    private static AlignedBuffer<float> Filled(int length)
    {
        var buffer = new AlignedBuffer<float>(length);
        for (int i = 0; i < length; i++) buffer.Span[i] = i % 7 * 0.01f - 0.02f;
        return buffer;
    }
}
