using Lottery.Kernels.Convolution;
using Lottery.Kernels.Pooling;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// What <see cref="PooledConvolutionForward"/> and <see cref="PooledConvolutionBackward"/> need besides the kept weights: the
/// layout of the pooled image, and that of a small patch of the gradient before pooling, the only part of it that is stored.
/// </summary>
/// <remarks>
/// <code>
/// patch: [output][4 + 2 rows][columns + 2][16]     a cell of 4 rows of pixels, and one pixel around it
/// </code>
/// </remarks>
internal sealed class PooledConvolutionTable : IDisposable
{
    /// <summary>Rows of a cell: those of a block of <see cref="SparseConvolutionWeightGradient"/>.</summary>
    public const int CellRows = SparseConvolutionWeightGradient.Block;

    /// <summary>Values of a patch that stay in the second-level cache (1 MB) next to x and the sums of weights.</summary>
    private const int MostInPatch = 128 * 1024;

    private readonly SparseConvolutionTable _table;
    private readonly Lazy<SparseOffsetTable> _byInput;

    public PooledConvolutionTable(SparseConvolutionTable table)
    {
        _table = table;
        CellColumns = PatchLength(2 * SparseConvolutionWeightGradient.Block) <= MostInPatch ? 2 * SparseConvolutionWeightGradient.Block : SparseConvolutionWeightGradient.Block;
        _byInput = new(() => table.MakeByInput(0, 0, PatchChannel, PatchRow));
    }

    /// <summary>True where the convolution can be fused with 2×2 windows: 3×3, stride 1, 'same', and even sides.</summary>
    public static bool Fits(in ConvolutionShape shape) =>
        shape is { Kernel: 3, Stride: 1, Padding: 1, InputBorder: >= 1, OutputBorder: >= 1 } && shape.Rows % 2 == 0 && shape.Columns % 2 == 0;

    /// <summary>The windows, over the convolution's output.</summary>
    public PoolShape Windows => PoolShape.Over(
        new(Shape.Outputs, Shape.OutputRows, Shape.OutputColumns, Shape.OutputBorder), 2, 2, Shape.OutputBorder);

    /// <summary>Columns of a cell.</summary>
    public int CellColumns { get; }

    /// <summary>Values from one row of a patch to the next.</summary>
    public int PatchRow => (CellColumns + 2) * ConvolutionShape.Lanes;

    /// <summary>Values from one channel of a patch to the next.</summary>
    public int PatchChannel => (CellRows + 2) * PatchRow;

    /// <summary>Values of workspace that each thread needs forward: a block of two rows of four pixels of every output.</summary>
    public int ForwardWorkspaceLength => Shape.Outputs * PooledConvolutionForward.Block;

    /// <summary>Values of the sums of a group's weights: of all bands, and of one.</summary>
    public int SumsLength => 2 * _table.ForGradient.MostWeights * ConvolutionShape.Lanes;

    /// <summary>Values of workspace that each thread needs backward: sums of weights, and a patch.</summary>
    public int BackwardWorkspaceLength => SumsLength + PatchLength(CellColumns);

    /// <summary>By input, with offsets in the patch.</summary>
    public SparseOffsetLayout ByInput => _byInput.Value.Layout;

    /// <summary>The weights as their gradient is summed, dy being a patch.</summary>
    public GradientOffsetLayout ForGradient =>
        _table.ForGradient.Layout with { GradientChannel = PatchChannel, GradientRow = PatchRow };

    private ConvolutionShape Shape => _table.Shape;

    public void Dispose()
    {
        if (_byInput.IsValueCreated) _byInput.Value.Dispose();
    }

    private int PatchLength(int columns) => Shape.Outputs * (CellRows + 2) * (columns + 2) * ConvolutionShape.Lanes;
}
