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

    /// <summary>Four outputs at once: the additions of one wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ConvolutionShape shape = Shape;
        nint channel = shape.OutputChannel;
        fixed (float* dy = Dy, gradient = Gradient)
        {
            float* first = dy + shape.OutputStart;
            int output = 0;
            for (; output + 4 <= shape.Outputs; output += 4, first += 4 * channel)
            {
                Vector128<float> sums = Sums<TWide>(first, channel);
                for (int i = 0; i < 4; i++) gradient[output + i] = sums[i];
            }
            for (; output < shape.Outputs; output++, first += channel) gradient[output] = Sums<TWide>(first, 0).ToScalar();
        }
    }

    /// <summary>The sums of four channels, <paramref name="channel"/> values apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly Vector128<float> Sums<TWide>(float* first, nint channel) where TWide : unmanaged, IWide<TWide>
    {
        nint row = Shape.OutputRow;
        int rows = Shape.OutputRows, columns = Shape.OutputColumns * 16, groupLength = Shape.OutputLength;
        TWide a = TWide.Zero, b = TWide.Zero, c = TWide.Zero, d = TWide.Zero;
        for (int group = LaneGroups; group > 0; group--, first += groupLength)
        {
            float* line = first;
            for (int r = 0; r < rows; r++, line += row)
                for (float* pixel = line, end = line + columns; pixel < end; pixel += 16)
                {
                    a = TWide.Add(a, TWide.Load(pixel));
                    b = TWide.Add(b, TWide.Load(pixel + channel));
                    c = TWide.Add(c, TWide.Load(pixel + 2 * channel));
                    d = TWide.Add(d, TWide.Load(pixel + 3 * channel));
                }
        }
        return TWide.Sum(a, b, c, d);
    }
}
