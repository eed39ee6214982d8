using Lottery.Kernels;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// A convolution of which only the kept weights exist: first those between channels that are present, in the order in
/// which kernels walk them; then the others, whose gradient is zero. Biases likewise.
/// </summary>
internal class KeptConvolutionPlan : ConvolutionPlan
{
    /// <summary>
    /// With at most so many weights to an output, computing an image costs less than writing it to memory and reading it
    /// back. It changes no bit.
    /// </summary>
    private const int FewWeights = 8;

    private readonly KeptPlaces _places;

    /// <summary>The plan of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's bits, <c>[outputs, inputs, kernel, kernel]</c>.</param>
    /// <param name="ends">What it reads and writes.</param>
    /// <param name="offset">Where its values begin in the plan's.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="made">What the convolution makes, where that is not yet what the plan writes.</param>
    public KeptConvolutionPlan(
        Convolution layer, Network network, BitSet kept, (Signal Input, Signal Output) ends, int offset, KernelSet kernels, Signal? made = null)
        : base(layer, network, ends, offset, kernels, made)
    {
        int[] inputs = ends.Input.Present, outputs = ends.Output.Present;
        int taps = Shape.KernelArea, each = layer.Inputs * taps;
        var place = new int[layer.Inputs];
        for (int i = 0; i < inputs.Length; i++) place[inputs[i]] = i;
        int[][] rows = Array.ConvertAll(outputs, output => KeptIn(kept, output, each));
        Table = new(Shape, Array.ConvertAll(rows, row => Array.ConvertAll(row, tap => place[tap / taps] * taps + tap % taps)));
        int[] absent = [.. Enumerable.Range(0, layer.Outputs).Except(outputs)];
        int[] weights =
        [
            .. Table.Weights().Select(weight =>
                outputs[weight.Output] * each + inputs[weight.KernelIndex / taps] * taps + weight.KernelIndex % taps),
            .. absent.SelectMany(output => KeptIn(kept, output, each).Select(tap => output * each + tap)),
        ];
        _places = new(weights, Bias < 0 ? [] : [.. outputs, .. absent]);
    }

    /// <summary>The tables that the kernels walk.</summary>
    public SparseConvolutionTable Table { get; }

    /// <summary>True where it is cheaper to make the output twice than to keep it.</summary>
    public bool MakesAgain => Table.Kept <= FewWeights * Shape.Outputs;

    public override int Length => _places.Length;

    public override int BiasOffset => _places.BiasOffset;

    public override void Dispose() => Table.Dispose();

    protected override void Forward(Activations x, int tile, int worker) => Kernels.Run(new SparseConvolutionForward
    {
        Table = Table, Weights = x.Plan.ValuesOf(this), Bias = BiasesOf(x.Plan), X = x.At(Input, tile), Y = x.At(Output, tile), Relu = Relu,
    });

    protected override void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values) => _places.Load(weight, bias, values);

    protected override void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias) => _places.Save(values, weight, bias);

    private static int[] KeptIn(BitSet kept, int output, int each) =>
        [.. Enumerable.Range(0, each).Where(tap => kept[output * each + tap])];
}
