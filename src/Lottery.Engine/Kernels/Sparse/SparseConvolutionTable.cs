using System.Collections.Immutable;
using Lottery.Kernels.Convolution;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// The kept weights of a convolution: the order in which they are stored, and their offsets by output, by input and for the
/// gradient. What only training needs is computed on first use.
/// </summary>
internal sealed class SparseConvolutionTable : IDisposable
{
    /// <summary>Rows and columns of target pixels whose sums are in registers at once.</summary>
    private const int BlockRows = 2, BlockColumns = 4;

    private readonly Lazy<ImmutableArray<SparseOffsetTable>> _byInput;
    private readonly Lazy<GradientOffsetTable> _forGradient;
    private readonly Lazy<PooledConvolutionTable> _pooled;

    /// <summary>The tables of <paramref name="rows"/>.</summary>
    /// <param name="shape">The convolution, of channels that are present.</param>
    /// <param name="rows">
    /// For each output channel the indices of its kept weights, ascending: (input channel × kernel + kernel row) × kernel + kernel column.
    /// </param>
    public SparseConvolutionTable(ConvolutionShape shape, IReadOnlyList<int[]> rows)
    {
        Shape = shape;
        int each = shape.Inputs * shape.KernelArea;
        ByOutput = new(
            [.. rows.Select((row, output) => Array.ConvertAll(row, index => ByOutputPixel(index, output * each + index)))],
            shape.Inputs, Lines(shape.Kernel, shape.Stride), Forward(shape));
        Kept = ByOutput.Kept;
        _byInput = new(MakeByInput);
        _forGradient = new(() => new(Shape, [.. Rows().Select(row =>
            Array.ConvertAll(row, weight => ByOutputPixel(weight.KernelIndex, weight.Index)))]));
        _pooled = new(() => new(this));
    }

    /// <summary>The convolution.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The number of kept weights.</summary>
    public int Kept { get; }

    /// <summary>By output: the order in which weights are stored.</summary>
    public SparseOffsetTable ByOutput { get; }

    /// <summary>By input, for each remainder of row and column by the stride; their weights follow one another.</summary>
    public ImmutableArray<SparseOffsetTable> ByInput => _byInput.Value;

    /// <summary>For the weights' gradient.</summary>
    public GradientOffsetTable ForGradient => _forGradient.Value;

    /// <summary>For the fusion with 2×2 max pooling after it, where <see cref="PooledConvolutionTable.Fits"/>.</summary>
    public PooledConvolutionTable Pooled => _pooled.Value;

    /// <summary>Values of workspace that each thread needs for its part of the weights' gradient.</summary>
    public int WorkspaceLength => (ForGradient.MostWeights + ForGradient.MostInTile) * ConvolutionShape.Lanes;

    /// <summary>Zeros around dy that its pixels under the kernel reach into when the gradient at the input is gathered.</summary>
    public int GradientBorder => new[]
    {
        (Shape.Kernel - 1 - Shape.Padding) / Shape.Stride,
        (Shape.Rows - 1 + Shape.Padding) / Shape.Stride - Shape.OutputRows + 1,
        (Shape.Columns - 1 + Shape.Padding) / Shape.Stride - Shape.OutputColumns + 1,
    }.Max();

    /// <summary>The output channel of every weight in stored order, and the weight's index in that output's <c>[input][kernel row][kernel column]</c>.</summary>
    public IEnumerable<(int Output, int KernelIndex)> Weights()
    {
        for (int k = 0; k < Kept; k++)
            yield return Math.DivRem(ByOutput.Indices[k], Shape.Inputs * Shape.KernelArea);
    }

    /// <summary>Copies weights into the order in which the gradient at the input reads them: once a step, for all of its lane groups.</summary>
    /// <param name="weights"><c>[kept]</c>.</param>
    /// <param name="byInput"><c>[kept]</c>.</param>
    public void CopyByInput(ReadOnlySpan<float> weights, Span<float> byInput)
    {
        foreach (SparseOffsetTable table in ByInput)
        {
            ReadOnlySpan<int> indices = table.Indices;
            for (int k = 0; k < indices.Length; k++) byInput[k] = weights[indices[k]];
            byInput = byInput[indices.Length..];
        }
    }

    public void Dispose()
    {
        ByOutput.Dispose();
        if (_byInput.IsValueCreated)
            foreach (SparseOffsetTable table in ByInput) table.Dispose();
        if (_forGradient.IsValueCreated) ForGradient.Dispose();
        if (_pooled.IsValueCreated) Pooled.Dispose();
    }

    /// <summary>For each output channel its weights by ascending kernel index, and their indices in stored order.</summary>
    private IEnumerable<(int KernelIndex, int Index)[]> Rows()
    {
        var rows = new List<(int KernelIndex, int Index)>[Shape.Outputs];
        for (int output = 0; output < rows.Length; output++) rows[output] = [];
        foreach ((int index, (int output, int kernelIndex)) in Weights().Index()) rows[output].Add((kernelIndex, index));
        return rows.Select(row => row.OrderBy(weight => weight.KernelIndex).ToArray());
    }

    private ImmutableArray<SparseOffsetTable> MakeByInput()
    {
        var remainders = from row in Enumerable.Range(0, Shape.Stride)
                         from column in Enumerable.Range(0, Shape.Stride)
                         select MakeByInput(row, column, Shape.OutputChannel, Shape.OutputRow);
        return [.. remainders];
    }

    /// <summary>
    /// The input pixels whose row and column have these remainders: each weight reaches them from one pixel of dy, or from none.
    /// </summary>
    /// <param name="row">The remainder of the row by the stride.</param>
    /// <param name="column">The remainder of the column.</param>
    /// <param name="outputChannel">Values from one channel of dy to the next.</param>
    /// <param name="outputRow">Values from one row of dy to the next.</param>
    public SparseOffsetTable MakeByInput(int row, int column, int outputChannel, int outputRow)
    {
        int stride = Shape.Stride, area = Shape.KernelArea;
        var inputs = new List<OffsetWeight>[Shape.Inputs];
        for (int input = 0; input < inputs.Length; input++) inputs[input] = [];
        foreach ((int output, (int KernelIndex, int Index)[] weights) in Rows().Index())
            foreach ((int kernelIndex, int index) in weights)
            {
                int down = row + Shape.Padding - kernelIndex % area / Shape.Kernel, right = column + Shape.Padding - kernelIndex % Shape.Kernel;
                if (down % stride != 0 || right % stride != 0) continue;
                int offset = output * outputChannel + down / stride * outputRow + right / stride * ConvolutionShape.Lanes;
                inputs[kernelIndex / area].Add(new(output, offset, index));
            }
        return new([.. inputs.Select(input => input.ToArray())], Shape.Outputs,
            Lines((Shape.Kernel + stride - 1) / stride, 1), Backward(Shape, row, column, outputChannel, outputRow));
    }

    /// <summary>A weight's offset from the first x under an output pixel's kernel.</summary>
    private OffsetWeight ByOutputPixel(int kernelIndex, int index) => new(
        kernelIndex / Shape.KernelArea, kernelIndex / Shape.KernelArea * Shape.InputChannel
        + kernelIndex % Shape.KernelArea / Shape.Kernel * Shape.InputRow + kernelIndex % Shape.Kernel * ConvolutionShape.Lanes, index);

    /// <summary>Source pixels of a channel under a block of target pixels.</summary>
    private static int Lines(int kernel, int stride) =>
        ((BlockRows - 1) * stride + kernel) * ((BlockColumns - 1) * stride + kernel);

    private static SparseOffsetLayout Forward(in ConvolutionShape shape) => new()
    {
        Rows = shape.OutputRows, Columns = shape.OutputColumns, SourceStart = shape.InputStart,
        SourceRow = shape.Stride * shape.InputRow, SourceColumn = shape.Stride * ConvolutionShape.Lanes, SourceChannel = shape.InputChannel,
        SourceAhead = shape.Stride > 1 ? 0 : (shape.Kernel - 1) * (shape.InputRow + ConvolutionShape.Lanes),
        TargetStart = shape.OutputStart, TargetChannel = shape.OutputChannel, TargetRow = shape.OutputRow,
        TargetColumn = ConvolutionShape.Lanes,
    };

    private static SparseOffsetLayout Backward(in ConvolutionShape shape, int row, int column, int outputChannel, int outputRow) => new()
    {
        Rows = (shape.Rows - row + shape.Stride - 1) / shape.Stride,
        Columns = (shape.Columns - column + shape.Stride - 1) / shape.Stride,
        SourceStart = shape.OutputStart, SourceRow = outputRow, SourceColumn = ConvolutionShape.Lanes, SourceChannel = outputChannel,
        SourceAhead = shape.Stride > 1 ? 0 : shape.Padding * (outputRow + ConvolutionShape.Lanes),
        TargetStart = (shape.InputBorder + row) * shape.InputRow + (shape.InputBorder + column) * ConvolutionShape.Lanes,
        TargetChannel = shape.InputChannel, TargetRow = shape.Stride * shape.InputRow,
        TargetColumn = shape.Stride * ConvolutionShape.Lanes,
    };
}
