using System.Collections.Immutable;

namespace Lottery.Kernels;

/// <summary>
/// The kept weights of a convolution: the order in which they lie among the layer's values, and the tables that kernels
/// walk, by output, by input and for the gradient. What only training needs is made when it is first asked for.
/// </summary>
internal sealed class KeptConvolutionTable : IDisposable
{
    /// <summary>Rows and columns of target pixels whose sums are in registers at once.</summary>
    private const int BlockRows = 2, BlockColumns = 4;

    private readonly Lazy<ImmutableArray<KeptStencilTable>> _byInput;
    private readonly Lazy<KeptCorrelationTable> _forGradient;
    private readonly Lazy<PooledConvolutionTable> _pooled;

    /// <summary>The tables of <paramref name="rows"/>.</summary>
    /// <param name="shape">The convolution, of channels that are present.</param>
    /// <param name="rows">
    /// For each output channel its kept taps, ascending; tap = (input channel × kernel + kernel row) × kernel + kernel column.
    /// </param>
    public KeptConvolutionTable(ConvolutionShape shape, IReadOnlyList<int[]> rows)
    {
        Shape = shape;
        int each = shape.Inputs * shape.Taps;
        ByOutput = new(
            [.. rows.Select((row, output) => Array.ConvertAll(row, tap => Tap(tap, output * each + tap)))],
            shape.Inputs, Lines(shape.Kernel, shape.Stride), Forward(shape));
        Kept = ByOutput.Kept;
        _byInput = new(MakeByInput);
        _forGradient = new(() => new(Shape, [.. Rows().Select(row =>
            Array.ConvertAll(row, weight => Tap(weight.Tap, weight.Place)))]));
        _pooled = new(() => new(this));
    }

    /// <summary>The convolution.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The number of kept weights.</summary>
    public int Kept { get; }

    /// <summary>By output: the order in which weights lie.</summary>
    public KeptStencilTable ByOutput { get; }

    /// <summary>By input, for each remainder of row and column by the stride; their weights follow one another.</summary>
    public ImmutableArray<KeptStencilTable> ByInput => _byInput.Value;

    /// <summary>For the weights' gradient.</summary>
    public KeptCorrelationTable ForGradient => _forGradient.Value;

    /// <summary>For the way through 2×2 max pooling after it, where <see cref="PooledConvolutionTable.Fits"/>.</summary>
    public PooledConvolutionTable Pooled => _pooled.Value;

    /// <summary>Values that each thread needs to sum its share of the weights' gradient.</summary>
    public int Scratch => ForGradient.MostWeights * ConvolutionShape.Lanes;

    /// <summary>Zeros around dy that its pixels under the kernel reach into when the gradient at the input is gathered.</summary>
    public int GradientBorder => new[]
    {
        (Shape.Kernel - 1 - Shape.Padding) / Shape.Stride,
        (Shape.Rows - 1 + Shape.Padding) / Shape.Stride - Shape.OutputRows + 1,
        (Shape.Columns - 1 + Shape.Padding) / Shape.Stride - Shape.OutputColumns + 1,
    }.Max();

    /// <summary>The output channel and the tap of every weight, in the order in which they lie.</summary>
    public IEnumerable<(int Output, int Tap)> Weights()
    {
        for (int k = 0; k < Kept; k++)
            yield return Math.DivRem(ByOutput.Places[k], Shape.Inputs * Shape.Taps);
    }

    /// <summary>Copies weights into the order in which the gradient at the input walks them: once a step, for all of its tiles.</summary>
    /// <param name="weights"><c>[kept]</c>.</param>
    /// <param name="byInput"><c>[kept]</c>.</param>
    public void CopyByInput(ReadOnlySpan<float> weights, Span<float> byInput)
    {
        foreach (KeptStencilTable stencil in ByInput)
        {
            ReadOnlySpan<int> places = stencil.Places;
            for (int k = 0; k < places.Length; k++) byInput[k] = weights[places[k]];
            byInput = byInput[places.Length..];
        }
    }

    public void Dispose()
    {
        ByOutput.Dispose();
        if (_byInput.IsValueCreated)
            foreach (KeptStencilTable table in ByInput) table.Dispose();
        if (_forGradient.IsValueCreated) ForGradient.Dispose();
        if (_pooled.IsValueCreated) Pooled.Dispose();
    }

    /// <summary>For each output channel its weights, taps ascending, and where they lie.</summary>
    private IEnumerable<(int Tap, int Place)[]> Rows()
    {
        var rows = new List<(int Tap, int Place)>[Shape.Outputs];
        for (int output = 0; output < rows.Length; output++) rows[output] = [];
        foreach ((int place, (int output, int tap)) in Weights().Index()) rows[output].Add((tap, place));
        return rows.Select(row => row.OrderBy(weight => weight.Tap).ToArray());
    }

    private ImmutableArray<KeptStencilTable> MakeByInput()
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
    public KeptStencilTable MakeByInput(int row, int column, int outputChannel, int outputRow)
    {
        int stride = Shape.Stride, taps = Shape.Taps;
        var inputs = new List<KeptTap>[Shape.Inputs];
        for (int input = 0; input < inputs.Length; input++) inputs[input] = [];
        foreach ((int output, (int Tap, int Place)[] weights) in Rows().Index())
            foreach ((int tap, int place) in weights)
            {
                int down = row + Shape.Padding - tap % taps / Shape.Kernel, right = column + Shape.Padding - tap % Shape.Kernel;
                if (down % stride != 0 || right % stride != 0) continue;
                int offset = output * outputChannel + down / stride * outputRow + right / stride * ConvolutionShape.Lanes;
                inputs[tap / taps].Add(new(output, offset, place));
            }
        return new([.. inputs.Select(input => input.ToArray())], Shape.Outputs,
            Lines((Shape.Kernel + stride - 1) / stride, 1), Backward(Shape, row, column) with { SourceRow = outputRow });
    }

    /// <summary>A tap from the first x under an output pixel's kernel on.</summary>
    private KeptTap Tap(int tap, int place) => new(tap / Shape.Taps, tap / Shape.Taps * Shape.InputChannel
        + tap % Shape.Taps / Shape.Kernel * Shape.InputRow + tap % Shape.Kernel * ConvolutionShape.Lanes, place);

    /// <summary>Source pixels of a channel under a block of target pixels.</summary>
    private static int Lines(int kernel, int stride) =>
        ((BlockRows - 1) * stride + kernel) * ((BlockColumns - 1) * stride + kernel);

    private static KeptStencil Forward(in ConvolutionShape shape) => new()
    {
        Rows = shape.OutputRows, Columns = shape.OutputColumns, SourceStart = shape.InputStart,
        SourceRow = shape.Stride * shape.InputRow, SourceColumn = shape.Stride * ConvolutionShape.Lanes,
        TargetStart = shape.OutputStart, TargetChannel = shape.OutputChannel, TargetRow = shape.OutputRow,
        TargetColumn = ConvolutionShape.Lanes,
    };

    private static KeptStencil Backward(in ConvolutionShape shape, int row, int column) => new()
    {
        Rows = (shape.Rows - row + shape.Stride - 1) / shape.Stride,
        Columns = (shape.Columns - column + shape.Stride - 1) / shape.Stride,
        SourceStart = shape.OutputStart, SourceRow = shape.OutputRow, SourceColumn = ConvolutionShape.Lanes,
        TargetStart = (shape.InputBorder + row) * shape.InputRow + (shape.InputBorder + column) * ConvolutionShape.Lanes,
        TargetChannel = shape.InputChannel, TargetRow = shape.Stride * shape.InputRow,
        TargetColumn = shape.Stride * ConvolutionShape.Lanes,
    };
}
