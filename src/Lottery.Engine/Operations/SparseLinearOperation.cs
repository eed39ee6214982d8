using System.Collections.Immutable;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Prediction;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A linear layer that stores its kept weights alone: first those of live outputs, in the order in which kernels read
/// them, then those of dead outputs, whose gradient is zero. Biases likewise.
/// </summary>
internal sealed class SparseLinearOperation : LinearOperation
{
    /// <summary>Inputs of one tile of the table: 64 lanes of each, 24 KB, stay in the first-level cache.</summary>
    private const int InputsInTile = 96;

    /// <summary>A row visits a tile of the table for at least so many weights on average, or the visit costs more than the cache saves.</summary>
    private const int WeightsInVisit = 12;

    private readonly BitSet _kept;
    private SparseMatrix? _table;
    private AlignedBuffer<float>? _gradient;

    /// <summary>The operation of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's mask, <c>[outputs, inputs]</c>.</param>
    /// <param name="input">The tensor that it reads.</param>
    /// <param name="output">The tensor that it writes.</param>
    public SparseLinearOperation(Linear layer, Network network, BitSet kept, PlanTensor input, PlanTensor output)
        : base(layer, network, input, output) => _kept = kept;

    /// <summary>The tables that the kernels read.</summary>
    public SparseMatrix Table => _table ??= Own(MakeTable());

    protected override ImmutableArray<ParameterSlot> Slots()
    {
        int[] dead = [.. Enumerable.Range(0, Layer.Outputs).Except(Output.Live)];
        int[] weights =
        [
            .. Table.Places(Output.Live, Input.Live, Layer.Inputs),
            .. dead.SelectMany(one => KeptInputs(one).Select(from => one * Layer.Inputs + from)),
        ];
        return
        [
            new(Weight, 0, Padded(weights.Length), new IndexedMap(weights)),
            new(Bias, Padded(weights.Length), Padded(Layer.Outputs), new IndexedMap([.. Output.Live, .. dead])),
        ];
    }

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        ReadOnlySpan<float> parameters = context.ParametersOf(this);
        for (int tile = 0; tile < context.Tiles.Tiles; tile++)
            context.Kernels.Run(new SparseForward
            {
                Matrix = Table, Weights = parameters, Bias = parameters[BiasStart..], X = context.X.At(Input, tile),
                Y = context.X.At(Output, tile), Lanes = context.Tiles.Lanes, Relu = Relu,
            });
    }

    public override void AllocateBackward(BatchTiles tiles, int threads) => _gradient = Allocate(Length);

    public override void BackwardParameters(in BackwardContext context)
    {
        int lanes = context.Tiles.Lanes;
        Span<float> gradient = _gradient!.Span, biases = gradient[BiasStart..];
        for (int tile = 0; tile < context.Tiles.Tiles; tile++)
        {
            ReadOnlySpan<float> x = context.X.At(Input, tile), dy = context.Dx.At(Output, tile);
            for (int part = 0; part < Table.ByOutput.Tiles; part++)
                context.Kernels.Run(new SparseWeightGradient
                {
                    Matrix = Table, Tile = part, X = x, Dy = dy, Gradient = gradient[Table.Tile(part).Start..], Lanes = lanes, Add = tile > 0,
                });
            context.Kernels.Run(new BiasGradient { Dy = dy, Gradient = biases, Rows = Table.Rows, Lanes = lanes, Add = tile > 0 });
        }
        context.Sink.Apply(Offset, gradient);
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        float[] bias = single.Weights[Bias].ToArray();
        var table = new SingleSparseTable(
            new(_kept, Output.Live, Layer.Inputs), single.Weights[Weight], single.FeatureIndices(Input),
            Array.ConvertAll(Output.Live, output => bias[output]), single.StoredFeatures(Input));
        single.Add(new Single(table, single[Input].Buffer, single.Allocate(Output).Buffer, Relu));
    }

    protected override void BackwardInput(in BackwardContext context, ReadOnlySpan<float> dy, ReadOnlySpan<float> reluMask, Span<float> dx) =>
        context.Kernels.Run(new SparseInputGradient
        {
            Matrix = Table, Weights = context.ParametersOf(this), Dy = dy, ReluMask = reluMask, Dx = dx, Lanes = context.Tiles.Lanes,
        });

    /// <summary>For each stored parameter its row and its input in the table: row −1 for one whose gradient is zero, input −1 for a bias.</summary>
    public (int Row, int Input)[] RowsAndInputs()
    {
        var of = new (int Row, int Input)[Length];
        Array.Fill(of, (-1, -1));
        ReadOnlySpan<int> rows = Table.SegmentRows, starts = Table.SegmentStarts, inputs = Table.KeptInputs;
        for (int segment = 0; segment < rows.Length; segment++)
            for (int k = starts[segment]; k < starts[segment + 1]; k++) of[k] = (rows[segment], inputs[k]);
        for (int row = 0; row < Table.Rows; row++) of[BiasStart + row] = (row, -1);
        return of;
    }

    private SparseMatrix MakeTable()
    {
        var column = new int[Layer.Inputs];
        for (int i = 0; i < Input.Live.Length; i++) column[Input.Live[i]] = i;
        int[][] rows = Array.ConvertAll(Output.Live, KeptInputs);
        int count = rows.Sum(row => row.Length), mostTiles = Padded(Input.Live.Length, InputsInTile) / InputsInTile;
        int tiles = Math.Clamp(count / Math.Max(1, WeightsInVisit * rows.Length), 1, Math.Max(1, mostTiles));
        return new(Array.ConvertAll(rows, row => Array.ConvertAll(row, one => column[one])), Input.Live.Length, tiles);
    }

    private int[] KeptInputs(int output) => _kept.Ones(output * Layer.Inputs, Layer.Inputs);

    /// <summary>The layer for a single example: its rows are gathered eight at a time.</summary>
    private sealed class Single(SingleSparseTable table, int from, int to, bool relu) : SingleStep
    {
        public override void Run(SingleBuffers buffers) => buffers.Kernels.Run(new SingleSparseForward
        {
            Table = table, X = buffers[from], Y = buffers[to], Relu = relu,
        });

        public override void Dispose() => table.Dispose();
    }
}
