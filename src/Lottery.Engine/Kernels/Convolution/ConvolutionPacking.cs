using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>Packs a dense convolution's weights in the order in which its products read them: once a step, before the first lane group.</summary>
/// <remarks>
/// Packed by points <c>[block of 16 outputs][point][input][16 outputs]</c>, transposed <c>[block of 16 inputs][point][output][16
/// inputs]</c> with the kernel rotated by 180°; by patches <c>[block of 16 outputs][input, kernel index][16 outputs]</c>, transposed
/// <c>[block of 16 inputs × kernel indices][output][16 inputs × kernel indices]</c>. What fills a last block is zero.
/// </remarks>
internal unsafe ref struct ConvolutionPacking : IKernel
{
    /// <summary>The shape.</summary>
    public required ConvolutionShape Shape;

    /// <summary><c>[input][kernel row][kernel column][padded outputs]</c>.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><see cref="DenseConvolution.PackedLength"/> values.</summary>
    public required Span<float> Packed;

    /// <summary>Whether they are packed for the input gradient.</summary>
    public required bool Transposed;

    public readonly void Check() => IKernel.Require(
        Weights.Length >= Shape.DenseWeights && Packed.Length >= DenseConvolution.PackedLength(Shape, Transposed));

    public readonly void Reference()
    {
        Packed[..DenseConvolution.PackedLength(Shape, Transposed)].Clear();
        if (DenseConvolution.UsesWinograd(Shape)) ReferencePoints();
        else ReferencePatches();
    }

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* weights = Weights, packed = Packed)
            if (DenseConvolution.UsesWinograd(Shape)) Points<TWide>(Shape, weights, packed, Transposed);
            else if (Transposed) TransposedPatches<TWide>(Shape, weights, packed);
            else Patches<TWide>(Shape, weights, packed);
    }

    private readonly void ReferencePoints()
    {
        Span<float> kernel = stackalloc float[9], points = stackalloc float[16];
        for (int input = 0; input < Shape.Inputs; input++)
            for (int output = 0; output < (Transposed ? Shape.Outputs : Shape.PaddedOutputs); output++)
            {
                for (int i = 0; i < 9; i++) kernel[Transposed ? 8 - i : i] = Weights[(input * 9 + i) * Shape.PaddedOutputs + output];
                WinogradReference.Filter(kernel, points);
                (int blocked, int along, int length) = Transposed ? (input, output, Shape.Outputs) : (output, input, Shape.Inputs);
                for (int point = 0; point < 16; point++)
                    Packed[((blocked / 16 * 16 + point) * length + along) * 16 + blocked % 16] = points[point];
            }
    }

    private readonly void ReferencePatches()
    {
        int rows = DenseConvolution.PatchRows(Shape);
        for (int row = 0; row < rows; row++)
            for (int output = 0; output < (Transposed ? Shape.Outputs : Shape.PaddedOutputs); output++)
            {
                (int blocked, int along, int length) = Transposed ? (row, output, Shape.Outputs) : (output, row, rows);
                Packed[(blocked / 16 * length + along) * 16 + blocked % 16] = Weights[row * Shape.PaddedOutputs + output];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Patches<TWide>(in ConvolutionShape shape, float* weights, float* packed) where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), width = shape.PaddedOutputs;
        for (int block = 0; block < width; block += 16)
            for (int row = 0; row < rows; row++, packed += 16)
                TWide.Store(packed, TWide.Load(weights + row * width + block));
    }

    private static void TransposedPatches<TWide>(in ConvolutionShape shape, float* weights, float* packed) where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), width = shape.PaddedOutputs, outputs = shape.Outputs;
        float* work = stackalloc float[512];
        for (int row = 0; row < rows; row += 16, packed += 16 * outputs)
            for (int output = 0; output < outputs; output += 16)
                TransposeBlock<TWide>(weights + (nint)row * width + output, width, Math.Min(16, rows - row),
                    packed + output * 16, Math.Min(16, outputs - output), work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Points<TWide>(in ConvolutionShape shape, float* weights, float* packed, bool transposed)
        where TWide : unmanaged, IWide<TWide>
    {
        int inputs = shape.Inputs, outputs = shape.Outputs, width = shape.PaddedOutputs;
        float* points = stackalloc float[16 * 256], work = stackalloc float[512];
        for (int block = 0; block < width; block += 16)
            for (int input = 0; input < inputs; input += 16)
            {
                int count = Math.Min(16, inputs - input);
                for (int i = 0; i < count; i++)
                    Winograd.Filter<TWide>(
                        weights + (nint)(input + i) * 9 * width + block, width,
                        transposed ? points + 16 * i : packed + ((nint)block * inputs + input + i) * 16,
                        transposed ? 256 : inputs * 16);
                for (int point = 0; transposed && point < 16; point++)
                    TransposeBlock<TWide>(points + Rotated(point) * 256, 16, count,
                        packed + ((nint)(input + point) * outputs + block) * 16, Math.Min(16, outputs - block), work);
            }
    }

    /// <summary>The point of the kernel that is a point of the kernel rotated by 180°: first and last are exchanged.</summary>
    private static int Rotated(int point) => RotatedLine(point / 4) * 4 + RotatedLine(point % 4);

    private static int RotatedLine(int line) => line is 0 or 3 ? 3 - line : line;

    /// <summary>Transposes up to 16 × 16 values; missing rows become zero columns. The workspace has 512 values.</summary>
    private static void TransposeBlock<TWide>(float* source, nint stride, int rows, float* target, int columns, float* work)
        where TWide : unmanaged, IWide<TWide>
    {
        if (rows == 16 && columns == 16)
        {
            TWide.Transpose(source, stride, target, 16);
            return;
        }
        for (int i = 0; i < 16; i++) TWide.Store(work + i * 16, i < rows ? TWide.Load(source + i * stride) : TWide.Zero);
        TWide.Transpose(work, 16, work + 256, 16);
        for (int i = 0; i < columns; i++) TWide.Store(target + i * 16, TWide.Load(work + 256 + i * 16));
    }
}
