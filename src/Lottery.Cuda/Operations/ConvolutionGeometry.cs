using System.Runtime.InteropServices;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Pooling;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution as kernels are told of it (convolution.h). The engine's distances are of sixteen lanes, a card's of thirty-two.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaShape(in ConvolutionShape shape)
{
    private readonly int _inputs = shape.Inputs, _outputs = shape.Outputs, _kernel = shape.Kernel, _stride = shape.Stride, _padding = shape.Padding;
    private readonly int _rows = shape.Rows, _columns = shape.Columns, _outputRows = shape.OutputRows, _outputColumns = shape.OutputColumns;
    private readonly int _paddedOutputs = shape.PaddedOutputs;
    private readonly int _inputTile = checked(2 * shape.InputLength), _inputChannel = 2 * shape.InputChannel, _inputRow = 2 * shape.InputRow;
    private readonly int _inputStart = 2 * shape.InputStart;
    private readonly int _outputTile = checked(2 * shape.OutputLength), _outputChannel = 2 * shape.OutputChannel, _outputRow = 2 * shape.OutputRow;
    private readonly int _outputStart = 2 * shape.OutputStart;
    private readonly int _inputPixel = CudaGrid.InputPixel(shape);
}

/// <summary>Sums over a grid of target pixels, as kernels are told of it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaGrid
{
    /// <summary>Rows and columns of the grid, and target channels.</summary>
    public required int Rows { get; init; }

    /// <inheritdoc cref="Rows"/>
    public required int Columns { get; init; }

    /// <inheritdoc cref="Rows"/>
    public required int Targets { get; init; }

    /// <summary>Values of a tile of the source, to the pixel under the grid's first, and from row to row and column to column.</summary>
    public required int SourceTile { get; init; }

    /// <inheritdoc cref="SourceTile"/>
    public required int SourceStart { get; init; }

    /// <inheritdoc cref="SourceTile"/>
    public required int SourceRow { get; init; }

    /// <inheritdoc cref="SourceTile"/>
    public required int SourceColumn { get; init; }

    /// <summary>Values of a tile of the target, to the grid's first pixel, and from channel to channel, row to row and column to column.</summary>
    public required int TargetTile { get; init; }

    /// <inheritdoc cref="TargetTile"/>
    public required int TargetStart { get; init; }

    /// <inheritdoc cref="TargetTile"/>
    public required int TargetChannel { get; init; }

    /// <inheritdoc cref="TargetTile"/>
    public required int TargetRow { get; init; }

    /// <inheritdoc cref="TargetTile"/>
    public required int TargetColumn { get; init; }

    /// <summary>Pixels of a row with its borders, where those of source and target lie alike, next to each other; otherwise 0.</summary>
    public int Width => SourceColumn == CudaBuffers.ImageLanes && TargetColumn == CudaBuffers.ImageLanes && SourceRow == TargetRow
        ? SourceRow / CudaBuffers.ImageLanes : 0;

    /// <summary>From a channel of x to its first pixel.</summary>
    public static int InputPixel(in ConvolutionShape shape) => shape.InputBorder * (2 * shape.InputRow + CudaBuffers.ImageLanes);

    /// <summary>y from x.</summary>
    public static CudaGrid Forward(in ConvolutionShape shape) => new()
    {
        Rows = shape.OutputRows, Columns = shape.OutputColumns, Targets = shape.Outputs,
        SourceTile = checked(2 * shape.InputLength), SourceStart = 2 * shape.InputStart, SourceRow = 2 * shape.Stride * shape.InputRow,
        SourceColumn = shape.Stride * CudaBuffers.ImageLanes,
        TargetTile = checked(2 * shape.OutputLength), TargetStart = 2 * shape.OutputStart, TargetChannel = 2 * shape.OutputChannel,
        TargetRow = 2 * shape.OutputRow, TargetColumn = CudaBuffers.ImageLanes,
    };

    /// <summary>dx from dy, of the pixels whose row and column leave these remainders when divided by the stride.</summary>
    public static CudaGrid Backward(in ConvolutionShape shape, int row, int column) => new()
    {
        Rows = (shape.Rows - row + shape.Stride - 1) / shape.Stride, Columns = (shape.Columns - column + shape.Stride - 1) / shape.Stride,
        Targets = shape.Inputs,
        SourceTile = checked(2 * shape.OutputLength), SourceStart = 2 * shape.OutputStart, SourceRow = 2 * shape.OutputRow,
        SourceColumn = CudaBuffers.ImageLanes,
        TargetTile = checked(2 * shape.InputLength), TargetStart = InputPixel(shape) + row * 2 * shape.InputRow + column * CudaBuffers.ImageLanes,
        TargetChannel = 2 * shape.InputChannel, TargetRow = 2 * shape.Stride * shape.InputRow,
        TargetColumn = shape.Stride * CudaBuffers.ImageLanes,
    };

    /// <summary>The kernel that makes blocks of this grid, and the number of these blocks.</summary>
    /// <param name="family">The kernel's family.</param>
    /// <param name="kind">Its name, but for the size of the blocks.</param>
    /// <param name="mostRows">Rows of the largest block that the kind has.</param>
    public (string Kernel, int Blocks) Blocked(string family, string kind, int mostRows)
    {
        int rows = Largest(Rows, mostRows), columns = Largest(Columns, 4);
        return ($"{family}/{kind}_{rows}x{columns}", (Rows + rows - 1) / rows * ((Columns + columns - 1) / columns));
    }

    private static int Largest(int count, int most) => count >= 4 && most >= 4 ? 4 : count >= 2 && most >= 2 ? 2 : 1;
}

/// <summary>A convolution over squares of 2 × 2 target pixels, as kernels are told of it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaSquares(in ConvolutionShape shape)
{
    private readonly int _sources = shape.Inputs, _targets = shape.Outputs, _across = shape.OutputColumns / 2;
    private readonly int _count = shape.OutputPixels / 4;
    private readonly int _sourceTile = checked(2 * shape.InputLength), _sourceChannel = 2 * shape.InputChannel, _sourceRow = 2 * shape.InputRow;
    private readonly int _sourceStart = 2 * shape.InputStart;
    private readonly int _targetTile = checked(2 * shape.OutputLength), _targetChannel = 2 * shape.OutputChannel, _targetRow = 2 * shape.OutputRow;
    private readonly int _targetStart = 2 * shape.OutputStart;
}

/// <summary>The windows of a pooling, as kernels are told of them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaWindows(in PoolShape pool)
{
    private readonly int _channels = pool.Output.Channels, _rows = pool.Output.Rows, _columns = pool.Output.Columns;
    private readonly int _sourceTile = checked(2 * pool.Input.Length), _sourceChannel = 2 * pool.Input.ChannelStride;
    private readonly int _sourceRow = 2 * pool.Input.RowStride, _sourceStart = 2 * pool.Input.Offset(0, 0, 0);
    private readonly int _targetTile = checked(2 * pool.Output.Length), _targetChannel = 2 * pool.Output.ChannelStride;
    private readonly int _targetRow = 2 * pool.Output.RowStride, _targetStart = 2 * pool.Output.Offset(0, 0, 0);
}
