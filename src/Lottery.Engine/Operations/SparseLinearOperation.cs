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

    private AlignedBuffer<float>? _gradient;

    /// <summary>The operation of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's mask, <c>[outputs, inputs]</c>.</param>
    /// <param name="input">The tensor that it reads.</param>
    /// <param name="output">The tensor that it writes.</param>
    public SparseLinearOperation(Linear layer, Network network, BitSet kept, PlanTensor input, PlanTensor output)
        : base(layer, network, input, output)
    {
        var column = new int[layer.Inputs];
        for (int i = 0; i < input.Live.Length; i++) column[input.Live[i]] = i;
        int[] dead = [.. Enumerable.Range(0, layer.Outputs).Except(output.Live)];
        int[][] rows = Array.ConvertAll(output.Live, one => KeptInputs(kept, one));
        int count = rows.Sum(row => row.Length), mostTiles = Padded(input.Live.Length, InputsInTile) / InputsInTile;
        int tiles = Math.Clamp(count / Math.Max(1, WeightsInVisit * rows.Length), 1, Math.Max(1, mostTiles));
        Table = Own(new SparseMatrix(Array.ConvertAll(rows, row => Array.ConvertAll(row, one => column[one])), input.Live.Length, tiles));
        int[] weights =
        [
            .. Table.Places(output.Live, input.Live, layer.Inputs),
            .. dead.SelectMany(one => KeptInputs(kept, one).Select(from => one * layer.Inputs + from)),
        ];
        Parameters =
        [
            new(Weight, 0, Padded(weights.Length), new IndexedMap(weights)),
            new(Bias, Padded(weights.Length), Padded(layer.Outputs), new IndexedMap([.. output.Live, .. dead])),
        ];
    }

    /// <summary>The tables that the kernels read.</summary>
    public SparseMatrix Table { get; }

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
        int[] indices = single.FeatureIndices(Input);
        int inputs = Layer.Inputs;
        BitSet kept = single.Mask[Weight]!;
        Weights weights = single.Weights;
        float[] bias = weights[Bias].ToArray();
        (int Input, float Weight)[] Row(int output) =>
            Array.ConvertAll(KeptInputs(kept, output), input => (indices[input], weights[Weight][output * inputs + input]));
        var table = new SingleSparseTable(
            Array.ConvertAll(Output.Live, Row), Array.ConvertAll(Output.Live, output => bias[output]), single.StoredFeatures(Input));
        single.Add(new Single(table, single[Input].Buffer, single.Allocate(Output).Buffer, Relu));
    }

    protected override void BackwardInput(in BackwardContext context, ReadOnlySpan<float> dy, ReadOnlySpan<float> reluMask, Span<float> dx) =>
        context.Kernels.Run(new SparseInputGradient
        {
            Matrix = Table, Weights = context.ParametersOf(this), Dy = dy, ReluMask = reluMask, Dx = dx, Lanes = context.Tiles.Lanes,
        });

    private int[] KeptInputs(BitSet kept, int output) => kept.Ones(output * Layer.Inputs, Layer.Inputs);

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
