using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Convolution;

/// <summary>gradient[output] = Σ dy over all images and pixels.</summary>
/// <remarks>
/// Order: sixteen partial sums (by lane) from +0 over lane groups, rows and columns, ascending; then the tree of
/// <see cref="IWide{T}.Sum"/>.
/// </remarks>
internal unsafe ref struct ConvolutionBiasGradient : IKernel
{
    /// <summary>The shape.</summary>
    public required ConvolutionShape Shape;

    /// <summary><c>[lane groups]</c> of the gradient at the output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>The number of lane groups.</summary>
    public required int LaneGroups;

    /// <summary><c>[outputs]</c>.</summary>
    public required Span<float> Gradient;

    public readonly void Check() => IKernel.Require(Dy.Length >= LaneGroups * Shape.OutputLength && Gradient.Length >= Shape.Outputs);

    public readonly void Reference()
    {
        Span<float> sums = stackalloc float[16];
        for (int output = 0; output < Shape.Outputs; output++)
        {
            sums.Clear();
            for (int group = 0; group < LaneGroups; group++)
                for (int pixel = 0; pixel < Shape.OutputPixels; pixel++)
                    for (int lane = 0; lane < 16; lane++)
                        sums[lane] += Dy[group * Shape.OutputLength + Shape.OutputOffset(output, pixel) + lane];
            Gradient[output] = LaneSum.Tree(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ConvolutionShape shape = Shape;
        nint row = shape.OutputRow, channel = shape.OutputChannel, groupLength = shape.OutputLength;
        int rows = shape.OutputRows, columns = shape.OutputColumns * 16, groups = LaneGroups;
        fixed (float* dy = Dy, gradient = Gradient)
            for (int output = 0; output < shape.Outputs; output++)
            {
                TWide sum = TWide.Zero;
                for (int group = 0; group < groups; group++)
                {
                    float* line = dy + group * groupLength + output * channel + shape.OutputStart;
                    for (int r = 0; r < rows; r++, line += row)
                        for (int i = 0; i < columns; i += 16) sum = TWide.Add(sum, TWide.Load(line + i));
                }
                gradient[output] = TWide.Sum(sum, TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
            }
    }
}
