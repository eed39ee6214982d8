namespace Lottery.Kernels;

/// <summary>
/// What <see cref="PooledConvolve"/> and <see cref="PooledConvolveGradient"/> need beside the kept weights: where the pooled
/// image lies, and a small patch of the gradient before pooling, which is all of it that there ever is.
/// <code>
/// patch: [output][4 + 2 rows][columns + 2][16]     a cell of 4 rows of pixels, and one pixel around it
/// </code>
/// </summary>
internal sealed class PooledConvolutionTable : IDisposable
{
    /// <summary>Rows of a cell: those of a block of <see cref="KeptCorrelate"/>.</summary>
    public const int CellRows = KeptCorrelate.Block;

    /// <summary>Values of a patch that stay in the second-level cache (1 MB) beside x and the sums of weights.</summary>
    private const int MostInPatch = 128 * 1024;

    private readonly KeptConvolutionTable _table;
    private readonly Lazy<KeptStencilTable> _byInput;

    public PooledConvolutionTable(KeptConvolutionTable table)
    {
        _table = table;
        CellColumns = PatchLength(2 * KeptCorrelate.Block) <= MostInPatch ? 2 * KeptCorrelate.Block : KeptCorrelate.Block;
        _byInput = new(() => table.MakeByInput(0, 0, PatchChannel, PatchRow));
    }

    /// <summary>True where kernels and windows fit one another: 3×3, stride 1, 'same', and even sides.</summary>
    public static bool Fits(in ConvolutionShape shape) =>
        shape is { Kernel: 3, Stride: 1, Padding: 1, InputBorder: >= 1, OutputBorder: >= 1 } && shape.Rows % 2 == 0 && shape.Columns % 2 == 0;

    /// <summary>The windows, over the image that the convolution would make.</summary>
    public PoolShape Windows => PoolShape.Over(
        new(Shape.Outputs, Shape.OutputRows, Shape.OutputColumns, Shape.OutputBorder), 2, 2, Shape.OutputBorder);

    /// <summary>Columns of a cell.</summary>
    public int CellColumns { get; }

    /// <summary>Values from one row of a patch to the next.</summary>
    public int PatchRow => (CellColumns + 2) * ConvolutionShape.Lanes;

    /// <summary>Values from one channel of a patch to the next.</summary>
    public int PatchChannel => (CellRows + 2) * PatchRow;

    /// <summary>Values that each thread needs on the way forward: a block of two rows of four pixels of every output.</summary>
    public int Block => Shape.Outputs * PooledConvolve.Block;

    /// <summary>Values that each thread needs on the way back: sums of weights, and a patch.</summary>
    public int Scratch => _table.Scratch + PatchLength(CellColumns);

    /// <summary>By input, with offsets in the patch.</summary>
    public KeptStencil ByInput => _byInput.Value.Stencil;

    /// <summary>The weights as their gradient is summed, dy being a patch.</summary>
    public KeptCorrelation Correlation =>
        _table.ForGradient.Correlation with { GradientChannel = PatchChannel, GradientRow = PatchRow };

    private ConvolutionShape Shape => _table.Shape;

    public void Dispose()
    {
        if (_byInput.IsValueCreated) _byInput.Value.Dispose();
    }

    private int PatchLength(int columns) => Shape.Outputs * (CellRows + 2) * (columns + 2) * ConvolutionShape.Lanes;
}
