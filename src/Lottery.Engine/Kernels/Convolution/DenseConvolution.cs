namespace Lottery.Kernels.Convolution;

/// <summary>
/// What the dense convolution kernels share. Every one of them is a transform into panels of at most four columns of
/// sixteen lanes, a product of the panel with packed weights, and a transform back.
/// </summary>
/// <remarks>
/// There are two algorithms, chosen by the shape alone. Stride 1, 3×3, 'same', even sides and at least 8 channels on both
/// sides use Winograd's F(2×2, 3×3) (Lavin &amp; Gray, arXiv 1509.09308; <see cref="Winograd"/>): a column is a tile of 2×2
/// outputs, and 16 multiplications replace 36. Every other shape uses patches (<see cref="ConvolutionPatches"/>): a column
/// is one output pixel, a row one position of the kernel in one input channel.
/// </remarks>
internal static class DenseConvolution
{
    /// <summary>Columns of a panel: four vectors and four broadcast weights make sixteen sums, which hide the latency.</summary>
    public const int Columns = 4;

    /// <summary>Values of one row of a panel.</summary>
    public const int Row = Columns * ConvolutionShape.Lanes;

    /// <summary>Transformed values of one 4×4 tile.</summary>
    public const int Points = 16;

    /// <summary>An additional cache line from one point's values to the next; without it all points would share the cache's sets.</summary>
    public const int Gap = 16;

    /// <summary>Below so many channels the transforms cost more than the products they save.</summary>
    private const int FewestChannels = 8;

    /// <summary>True where the shape uses Winograd's transforms, false where it uses patches.</summary>
    public static bool UsesWinograd(in ConvolutionShape shape) =>
        shape is { Kernel: 3, Stride: 1, Padding: 1, InputBorder: >= 1, OutputBorder: >= 1 }
        && shape.Rows % 2 == 0 && shape.Columns % 2 == 0
        && shape.Inputs >= FewestChannels && shape.Outputs >= FewestChannels;

    /// <summary>Values of the packed weights, or of the transposed ones that the input gradient takes.</summary>
    public static int PackedLength(in ConvolutionShape shape, bool transposed) => (UsesWinograd(shape), transposed) switch
    {
        (true, false) => Points * shape.Inputs * Padded(shape.Outputs),
        (true, true) => Points * shape.Outputs * Padded(shape.Inputs),
        (false, false) => PatchRows(shape) * Padded(shape.Outputs),
        (false, true) => shape.Outputs * Padded(PatchRows(shape)),
    };

    /// <summary>Values of workspace that one call of <see cref="ConvolutionForward"/> or <see cref="ConvolutionInputGradient"/> needs.</summary>
    public static int WorkspaceLength(in ConvolutionShape shape)
    {
        int most = Math.Max(shape.Inputs, shape.Outputs);
        return UsesWinograd(shape)
            ? Points * (PointStride(most) + PointStride(16))
            : (PatchRows(shape) + Math.Max(shape.Outputs, 16)) * Row;
    }

    /// <summary>Values of workspace that one call of <see cref="ConvolutionWeightGradient"/> needs for <paramref name="outputs"/> outputs (a multiple of 16).</summary>
    public static int GradientWorkspaceLength(in ConvolutionShape shape, int outputs) => UsesWinograd(shape)
        ? Points * (PointStride(shape.Inputs) + PointStride(outputs) + shape.Inputs * outputs)
        : (PatchRows(shape) + outputs) * Row;

    /// <summary>Values from one point of so many rows of a panel to the next point.</summary>
    internal static int PointStride(int rows) => rows * Row + Gap;

    /// <summary>Rows of a panel of patches.</summary>
    internal static int PatchRows(in ConvolutionShape shape) => shape.Inputs * shape.KernelArea;

    internal static int Padded(int count) => (count + 15) / 16 * 16;
}
