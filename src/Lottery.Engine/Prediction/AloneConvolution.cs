using System.Runtime.CompilerServices;
using Lottery.Kernels.Prediction;

namespace Lottery.Prediction;

/// <summary>A convolution, kept weights alone; its input is first laid into zeros (<see cref="Arrange"/>).</summary>
internal sealed class AloneConvolution(SingleConvolutionTable table, int from, int to, bool relu) : AloneStep
{
    public override void Run(AloneRoom room) => room.Kernels.Run(new SingleConvolutionForward { Table = table, X = room[from], Y = room[to], Relu = relu });

    public override void Dispose() => table.Dispose();
}

/// <summary>
/// An image as a convolution reads it: with its padding, and for a stride of s cut into s × s images of every s-th row
/// and column, so that what one place of the kernel multiplies lies together.
/// </summary>
/// <param name="source">The image before.</param>
/// <param name="grid">The images after: of each channel s × s, or fewer where the kernel is smaller.</param>
/// <param name="geometry">Phases along a side, stride, padding.</param>
/// <param name="from">Where it lies.</param>
/// <param name="to">Where it goes: zeros, where nothing else ever writes.</param>
internal sealed class Arrange(
    Plane source, Plane grid, (int Phases, int Stride, int Padding) geometry, int from, int to) : AloneStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(AloneRoom room)
    {
        ReadOnlySpan<float> x = room[from];
        Span<float> y = room[to];
        (int phases, int stride, int padding) = geometry;
        for (int channel = 0; channel < source.Channels; channel++)
            for (int phase = 0; phase < phases * phases; phase++)
                for (int row = 0; row < grid.Rows; row++)
                {
                    int sourceRow = row * stride + phase / phases - padding, shift = phase % phases - padding;
                    if (sourceRow < 0 || sourceRow >= source.Rows) continue;
                    int first = shift < 0 ? (-shift + stride - 1) / stride : 0;
                    int end = Math.Min(grid.Columns, (source.Columns - 1 - shift) / stride + 1);
                    if (end <= first) continue;
                    ReadOnlySpan<float> pixels = x[source.At(channel, sourceRow, first * stride + shift)..];
                    Span<float> target = y.Slice(grid.At(channel * phases * phases + phase, row, first), end - first);
                    if (stride == 1) pixels[..target.Length].CopyTo(target);
                    else for (int i = 0; i < target.Length; i++) target[i] = pixels[i * stride];
                }
    }
}
