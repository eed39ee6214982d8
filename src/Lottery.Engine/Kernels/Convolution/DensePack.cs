using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>Packs a dense layer's weights as its products walk them: once a step, before the first tile.</summary>
/// <remarks>
/// Shapes: weights <c>[input][kernel row][kernel column][padded outputs]</c>; packed
/// <c>[block of 16 outputs][point][input][16 outputs]</c>, transposed <c>[block of 16 inputs][point][output][16 inputs]</c>
/// with the kernel turned by 180°; by patches <c>[block of 16 outputs][input, tap][16 outputs]</c>, transposed
/// <c>[block of 16 inputs × taps][output][16 inputs × taps]</c>. Inputs and taps that fill a last block are zero.
/// </remarks>
internal static unsafe class DensePack
{
    public static void Reference(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
    {
        new Span<float>(packed, DenseConvolution.PackedLength(shape, transposed)).Clear();
        if (DenseConvolution.ByWinograd(shape)) ReferencePoints(shape, weights, packed, transposed);
        else ReferencePatches(shape, weights, packed, transposed);
    }

    private static void ReferencePoints(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
    {
        Span<float> kernel = stackalloc float[9], points = stackalloc float[16];
        for (int input = 0; input < shape.Inputs; input++)
            for (int output = 0; output < (transposed ? shape.Outputs : shape.PaddedOutputs); output++)
            {
                for (int tap = 0; tap < 9; tap++)
                    kernel[transposed ? 8 - tap : tap] = weights[(input * 9 + tap) * shape.PaddedOutputs + output];
                WinogradLines.Filter(kernel, points);
                (int blocked, int along, int length) = transposed ? (input, output, shape.Outputs) : (output, input, shape.Inputs);
                for (int point = 0; point < 16; point++)
                    packed[((blocked / 16 * 16 + point) * length + along) * 16 + blocked % 16] = points[point];
            }
    }

    private static void ReferencePatches(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
    {
        int rows = DenseConvolution.PatchRows(shape);
        for (int row = 0; row < rows; row++)
            for (int output = 0; output < (transposed ? shape.Outputs : shape.PaddedOutputs); output++)
            {
                (int blocked, int along, int length) = transposed ? (row, output, shape.Outputs) : (output, row, rows);
                packed[(blocked / 16 * length + along) * 16 + blocked % 16] = weights[row * shape.PaddedOutputs + output];
            }
    }

    public static void Fast<TWide>(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
        where TWide : unmanaged, IWide<TWide>
    {
        if (DenseConvolution.ByWinograd(shape)) Points<TWide>(shape, weights, packed, transposed);
        else if (transposed) TurnedPatches<TWide>(shape, weights, packed);
        else Patches<TWide>(shape, weights, packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Patches<TWide>(in ConvolutionShape shape, float* weights, float* packed) where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), width = shape.PaddedOutputs;
        for (int block = 0; block < width; block += 16)
            for (int row = 0; row < rows; row++, packed += 16)
                TWide.Store(packed, TWide.Load(weights + row * width + block));
    }

    private static void TurnedPatches<TWide>(in ConvolutionShape shape, float* weights, float* packed) where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), width = shape.PaddedOutputs, outputs = shape.Outputs;
        float* turned = stackalloc float[512];
        for (int row = 0; row < rows; row += 16, packed += 16 * outputs)
            for (int output = 0; output < outputs; output += 16)
                Turn<TWide>(weights + (nint)row * width + output, width, Math.Min(16, rows - row),
                    packed + output * 16, Math.Min(16, outputs - output), turned);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Points<TWide>(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
        where TWide : unmanaged, IWide<TWide>
    {
        int inputs = shape.Inputs, outputs = shape.Outputs, width = shape.PaddedOutputs;
        float* points = stackalloc float[16 * 256], turned = stackalloc float[512];
        for (int block = 0; block < width; block += 16)
            for (int input = 0; input < inputs; input += 16)
            {
                int count = Math.Min(16, inputs - input);
                for (int i = 0; i < count; i++)
                    DenseWinograd.Filter<TWide>(
                        weights + (nint)(input + i) * 9 * width + block, width,
                        transposed ? points + 16 * i : packed + ((nint)block * inputs + input + i) * 16,
                        transposed ? 256 : inputs * 16);
                for (int point = 0; transposed && point < 16; point++)
                    Turn<TWide>(points + Turned(point) * 256, 16, count,
                        packed + ((nint)(input + point) * outputs + block) * 16, Math.Min(16, outputs - block), turned);
            }
    }

    /// <summary>The point of the kernel that is a point of the kernel turned by 180°: first and last change places.</summary>
    private static int Turned(int point) => Turn(point / 4) * 4 + Turn(point % 4);

    private static int Turn(int line) => line is 0 or 3 ? 3 - line : line;

    /// <summary>Up to 16 × 16 values transposed; rows that are missing become zero columns. Room for 512 values.</summary>
    private static void Turn<TWide>(float* source, nint stride, int rows, float* target, int columns, float* room)
        where TWide : unmanaged, IWide<TWide>
    {
        if (rows == 16 && columns == 16)
        {
            TWide.Transpose(source, stride, target, 16);
            return;
        }
        for (int i = 0; i < 16; i++) TWide.Store(room + i * 16, i < rows ? TWide.Load(source + i * stride) : TWide.Zero);
        TWide.Transpose(room, 16, room + 256, 16);
        for (int i = 0; i < columns; i++) TWide.Store(target + i * 16, TWide.Load(room + 256 + i * 16));
    }
}
