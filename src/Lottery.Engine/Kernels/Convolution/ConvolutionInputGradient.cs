namespace Lottery.Kernels.Convolution;

/// <summary>dx = Wᵀ ∗ dy with every weight, one lane group; +0 where the ReLU mask is not above 0.</summary>
/// <remarks>
/// Order of each value in each lane. By Winograd: as <see cref="ConvolutionForward"/>, with the kernel rotated by 180° and
/// output channels summed. By patches: dx begins at +0; for every output pixel (rows, then columns, ascending) whose kernel
/// covers the value, a sum from +0, one fused multiply-add an output channel, ascending, is added.
/// </remarks>
internal unsafe ref struct ConvolutionInputGradient : IKernel
{
    /// <summary>The shape.</summary>
    public required ConvolutionShape Shape;

    /// <summary>From <see cref="ConvolutionPacking"/>, transposed.</summary>
    public required ReadOnlySpan<float> Packed;

    /// <summary>One lane group of the gradient at the output, its border zero.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>One lane group of the input, where a ReLU computed it; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>One lane group of the gradient at the input, its border zero before and after.</summary>
    public required Span<float> Dx;

    /// <summary><see cref="DenseConvolution.WorkspaceLength"/> values.</summary>
    public required Span<float> Workspace;

    public readonly void Check()
    {
        IKernel.Require(Shape.IsValid);
        IKernel.Require(Packed.Length >= DenseConvolution.PackedLength(Shape, true) && (ReluMask.IsEmpty || ReluMask.Length >= Shape.InputLength));
        IKernel.Require(Dx.Length >= Shape.InputLength && Dy.Length >= Shape.OutputLength);
        IKernel.Require(Workspace.Length >= DenseConvolution.WorkspaceLength(Shape));
    }

    public readonly void Reference()
    {
        if (DenseConvolution.UsesWinograd(Shape))
            ConvolutionForward.ReferencePoints(Shape.Transposed(), Packed, default, ReluMask, Dy, Dx, false);
        else ReferencePatches();
    }

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* packed = Packed, dy = Dy, mask = ReluMask, dx = Dx, work = Workspace)
            if (DenseConvolution.UsesWinograd(Shape))
                ConvolutionForward.Points<TWide>(Shape.Transposed(), packed, null, mask, dy, dx, work, false);
            else Patches<TWide>(Shape, packed, dy, mask, dx, work);
    }

    private readonly void ReferencePatches()
    {
        Dx[..Shape.InputLength].Clear();
        for (int pixel = 0; pixel < Shape.OutputPixels; pixel++)
            for (int row = 0; row < DenseConvolution.PatchRows(Shape); row++)
                for (int lane = 0; Shape.IsInside(row, pixel) && lane < 16; lane++)
                {
                    float sum = 0;
                    for (int output = 0; output < Shape.Outputs; output++)
                        sum = MathF.FusedMultiplyAdd(
                            Packed[(row / 16 * Shape.Outputs + output) * 16 + row % 16],
                            Dy[Shape.OutputOffset(output, pixel) + lane], sum);
                    Dx[Shape.PatchOffset(row, pixel) + lane] += sum;
                }
        for (int i = 0; !ReluMask.IsEmpty && i < Shape.InputLength; i++)
            if (!(ReluMask[i] > 0)) Dx[i] = 0;
    }

    private static void Patches<TWide>(
        in ConvolutionShape shape, float* packed, float* dy, float* mask, float* dx, float* work)
        where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels;
        float* panel = work, results = work + shape.Outputs * DenseConvolution.Row;
        new Span<float>(dx, shape.InputLength).Clear();
        for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
            ConvolutionPatches.Pixels<TWide>(shape, dy, pixel, count, panel);
            for (int block = 0; block < rows; block += 16)
                ConvolutionProduct.Fast<TWide>(new()
                {
                    A = packed + (nint)block * shape.Outputs, AStep = 16, AStride = 1, M = panel, MStride = DenseConvolution.Row,
                    Target = results + block * DenseConvolution.Row, TargetStride = DenseConvolution.Row,
                    Rows = Math.Min(16, rows - block), Inner = shape.Outputs, Vectors = count,
                });
            ConvolutionPatches.Scatter<TWide>(shape, results, pixel, count, dx);
        }
        ConvolutionPatches.Mask<TWide>(shape, mask, dx);
    }
}
