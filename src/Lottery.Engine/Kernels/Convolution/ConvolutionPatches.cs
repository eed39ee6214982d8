using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>Patches: the values under the kernel at an output pixel, as a column of a panel.</summary>
internal static unsafe class ConvolutionPatches
{
    /// <summary>Up to four output pixels' patches: <c>[input, kernel row, kernel column][pixel][16]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<TWide>(in ConvolutionShape shape, float* x, int pixel, int count, float* panel)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.InputRow, channel = shape.InputChannel;
        int inputs = shape.Inputs, kernel = shape.Kernel;
        nint* offsets = stackalloc nint[DenseConvolution.Columns];
        for (int column = 0; column < count; column++) offsets[column] = shape.PatchOffset(0, pixel + column);
        for (int input = 0; input < inputs; input++, x += channel)
            for (int r = 0; r < kernel; r++)
                for (int c = 0; c < kernel; c++, panel += DenseConvolution.Row)
                {
                    float* first = x + r * row + c * 16;
                    for (int column = 0; column < count; column++)
                        TWide.Store(panel + column * 16, TWide.Load(first + offsets[column]));
                }
    }

    /// <summary>Up to four output pixels: <c>[output][pixel][16]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pixels<TWide>(in ConvolutionShape shape, float* dy, int pixel, int count, float* panel)
        where TWide : unmanaged, IWide<TWide>
    {
        nint channel = shape.OutputChannel;
        int outputs = shape.Outputs;
        for (int column = 0; column < count; column++)
        {
            float* source = dy + shape.OutputOffset(0, pixel + column), target = panel + column * 16;
            for (int output = 0; output < outputs; output++, source += channel, target += DenseConvolution.Row)
                TWide.Store(target, TWide.Load(source));
        }
    }

    /// <summary>Adds such columns to the pixels that they came from, one output pixel after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<TWide>(in ConvolutionShape shape, float* panel, int pixel, int count, float* dx)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.InputRow, channel = shape.InputChannel;
        int inputs = shape.Inputs, kernel = shape.Kernel;
        for (int column = 0; column < count; column++)
        {
            float* first = dx + shape.PatchOffset(0, pixel + column), source = panel + column * 16;
            for (int input = 0; input < inputs; input++, first += channel)
                for (int r = 0; r < kernel; r++)
                    for (int c = 0; c < kernel; c++, source += DenseConvolution.Row)
                    {
                        float* target = first + r * row + c * 16;
                        TWide.Store(target, TWide.Add(TWide.Load(target), TWide.Load(source)));
                    }
        }
    }

    /// <summary>Sets dx to +0 in its border, and where the ReLU mask is not above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask<TWide>(in ConvolutionShape shape, float* reluMask, float* dx) where TWide : unmanaged, IWide<TWide>
    {
        int border = shape.InputBorder, rows = shape.Rows, length = shape.Columns * 16, side = border * 16;
        nint row = shape.InputRow;
        for (int input = 0; input < shape.Inputs; input++)
        {
            float* line = dx + (nint)input * shape.InputChannel;
            new Span<float>(line, border * (int)row).Clear();
            line += border * row;
            for (int r = 0; r < rows; r++, line += row)
            {
                new Span<float>(line, side).Clear();
                new Span<float>(line + side + length, side).Clear();
                if (reluMask == null) continue;
                float* mask = reluMask + (line - dx);
                for (int i = side; i < side + length; i += 16)
                    TWide.Store(line + i, TWide.WhereGreater(TWide.Load(mask + i), TWide.Zero, TWide.Load(line + i)));
            }
            new Span<float>(line, border * (int)row).Clear();
        }
    }

    /// <summary>
    /// One pixel's sixteen outputs from <paramref name="block"/> on, by lane: <c>[lane][16 outputs]</c>; +0 for outputs
    /// beyond the last.
    /// </summary>
    /// <param name="shape">The shape.</param>
    /// <param name="dy">The pixel in output 0.</param>
    /// <param name="block">A multiple of 16.</param>
    /// <param name="target">Lane 0.</param>
    /// <param name="stride">Values from one lane to the next.</param>
    public static void ByLane<TWide>(in ConvolutionShape shape, float* dy, int block, float* target, nint stride)
        where TWide : unmanaged, IWide<TWide>
    {
        nint channel = shape.OutputChannel;
        int count = shape.Outputs - block;
        dy += block * channel;
        if (count >= 16)
        {
            TWide.Transpose(dy, channel, target, stride);
            return;
        }
        float* block16 = stackalloc float[256];
        for (int i = 0; i < 16; i++) TWide.Store(block16 + i * 16, i < count ? TWide.Load(dy + i * channel) : TWide.Zero);
        TWide.Transpose(block16, 16, target, stride);
    }
}
