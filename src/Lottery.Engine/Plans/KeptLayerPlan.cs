using Lottery.Kernels;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// A layer of which only the kept weights exist: first those of the outputs that are present, in the order in which
/// kernels walk them; then those of outputs that have left the plan, whose gradient is zero. Biases likewise.
/// </summary>
internal sealed class KeptLayerPlan : LinearLayerPlan
{
    /// <summary>Inputs of one tile: 64 lanes of each, 24 KB, stay in the first-level cache.</summary>
    private const int InputsInTile = 96;

    /// <summary>A row visits a tile for at least so many weights on average, or the visit costs more than the cache saves.</summary>
    private const int WeightsInVisit = 12;

    private readonly KeptPlaces _places;

    /// <summary>The plan of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's bits, <c>[outputs, inputs]</c>.</param>
    /// <param name="ends">What it reads and writes.</param>
    /// <param name="offset">Where its values begin in the plan's.</param>
    /// <param name="kernels">The kernels.</param>
    public KeptLayerPlan(
        Linear layer, Network network, BitSet kept, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
        : base(layer, network, ends, offset, kernels)
    {
        int[] inputs = ends.Input.Present, outputs = ends.Output.Present;
        var place = new int[layer.Inputs];
        for (int i = 0; i < inputs.Length; i++) place[inputs[i]] = i;
        int[] absent = [.. Enumerable.Range(0, layer.Outputs).Except(outputs)];
        int[][] rows = Array.ConvertAll(outputs, output => KeptInputs(kept, output));
        int weights = rows.Sum(row => row.Length), mostTiles = Padded(inputs.Length, InputsInTile) / InputsInTile;
        int tiles = Math.Clamp(weights / Math.Max(1, WeightsInVisit * rows.Length), 1, Math.Max(1, mostTiles));
        Table = new(Array.ConvertAll(rows, row => Array.ConvertAll(row, input => place[input])), inputs.Length, tiles);
        int[] places =
        [
            .. Table.Weights().Select(weight => outputs[weight.Row] * layer.Inputs + inputs[weight.Input]),
            .. absent.SelectMany(output => KeptInputs(kept, output).Select(input => output * layer.Inputs + input)),
        ];
        _places = new(places, [.. outputs, .. absent]);
    }

    /// <summary>The tables that the kernels walk.</summary>
    public SparseMatrix Table { get; }

    public override int Length => _places.Length;

    public override int BiasOffset => _places.BiasOffset;

    public override void Forward(ReadOnlySpan<float> values, ReadOnlySpan<float> x, Span<float> y, int lanes) =>
        Kernels.Run(new SparseForward
        {
            Matrix = Table, Weights = values, Bias = values[BiasOffset..], X = x, Y = y, Lanes = lanes, Relu = Relu,
        });

    protected override void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values) => _places.Load(weight, bias, values);

    protected override void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias) => _places.Save(values, weight, bias);

    public override void Dispose() => Table.Dispose();

    private int[] KeptInputs(BitSet kept, int output)
    {
        var inputs = new List<int>();
        for (int input = 0, place = output * Layer.Inputs; input < Layer.Inputs; input++, place++)
            if (kept[place]) inputs.Add(input);
        return [.. inputs];
    }
}
