using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>gradient[output] = Σ dy over all images and pixels.</summary>
/// <remarks>
/// Order: sixteen partial sums (by lane) from +0 over tiles, rows and columns, ascending; then
/// <see cref="IWide{T}.Sum"/>'s tree. Shapes: dy <c>[tiles][outputs][row + border][column + border][16]</c>, gradient
/// <c>[outputs]</c>.
/// </remarks>
internal static unsafe class ConvolutionBiasGradient
{
    public static void Reference(in ConvolutionShape shape, float* dy, int tiles, float* gradient)
    {
        float* sums = stackalloc float[16], ones = stackalloc float[16];
        new Span<float>(ones, 16).Fill(1);
        for (int output = 0; output < shape.Outputs; output++)
        {
            new Span<float>(sums, 16).Clear();
            for (int tile = 0; tile < tiles; tile++)
                for (int pixel = 0; pixel < shape.OutputPixels; pixel++)
                    for (int lane = 0; lane < 16; lane++)
                        sums[lane] += dy[tile * shape.OutputLength + shape.OutputPlace(output, pixel) + lane];
            gradient[output] = LaneSum.Reference(sums, ones, 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ConvolutionShape shape, float* dy, int tiles, float* gradient)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.OutputRow, channel = shape.OutputChannel, tileLength = shape.OutputLength;
        int rows = shape.OutputRows, columns = shape.OutputColumns * 16;
        for (int output = 0; output < shape.Outputs; output++)
        {
            TWide sum = TWide.Zero;
            for (int tile = 0; tile < tiles; tile++)
            {
                float* line = dy + tile * tileLength + output * channel + shape.OutputStart;
                for (int r = 0; r < rows; r++, line += row)
                    for (int i = 0; i < columns; i += 16) sum = TWide.Add(sum, TWide.Load(line + i));
            }
            gradient[output] = TWide.Sum(sum, TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
        }
    }
}
