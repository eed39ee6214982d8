using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// How a masked network is laid out: a layer that keeps every weight is dense, and one that keeps few holds its kept
/// weights alone (see <see cref="Storage"/>). The rule looks at the mask and at nothing else, so the bits of a result do
/// too.
/// </summary>
/// <remarks>
/// Where pruned weights are frozen at something other than zero they act, forward and backward, so every layer is dense
/// and costs what a dense layer costs.
/// </remarks>
internal sealed class NetworkPlan : IDisposable
{
    /// <summary>The plan of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="frozen">True where pruned weights have values of their own.</param>
    /// <param name="team">The threads that images are worked on by; plain units by the caller's alone.</param>
    public NetworkPlan(Network network, Mask mask, KernelSet kernels, bool frozen = false, ThreadTeam? team = null)
    {
        (Network, Kernels, ThreadTeam) = (network, kernels, team ?? ThreadTeam.One);
        var draft = new PlanDraft(network, mask, kernels, frozen, ThreadTeam.Threads);
        (Signals, Layers) = (draft.Signals, draft.Layers);
        Chains = LayerChain.Of(Layers);
        Values = new(Layers.Length == 0 ? 0 : Layers[^1].Offset + Layers[^1].Length);
        Places = PlacesOf(Input);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The kernels.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The threads.</summary>
    public ThreadTeam ThreadTeam { get; }

    /// <summary>Everything that flows between layers: first the input, last the scores of the classes.</summary>
    public ImmutableArray<Signal> Signals { get; }

    /// <summary>The network's input.</summary>
    public Signal Input => Signals[0];

    /// <summary>The scores of the classes.</summary>
    public Signal Output => Signals[^1];

    /// <summary>The layers, each after those whose signals it reads; a ReLU is part of the layer before it.</summary>
    public ImmutableArray<LayerPlan> Layers { get; }

    /// <summary>The same layers, those together that are gone through tile by tile.</summary>
    public ImmutableArray<LayerChain> Chains { get; }

    /// <summary>Every value of every layer.</summary>
    public AlignedBuffer<float> Values { get; }

    /// <summary>For each value of an example the row of lanes that it has in the first activations, or −1 where nobody uses it.</summary>
    public int[] Places { get; }

    /// <summary>True where weights exist that must be kept from moving.</summary>
    public bool Freezes => Layers.Any(layer => layer is WeightedLayerPlan { Freezes: true });

    /// <summary>False for a signal that is made and used up inside one layer.</summary>
    public bool Stores(Signal signal) => !Layers.Any(layer => layer is ConvolutionPlan convolution
        && convolution.Made == signal && convolution.Output != signal);

    /// <summary>
    /// True for a signal of which nobody wants the gradient once the chain that makes it is through with the tile: made by
    /// one layer of the chain for another that is done with it at once.
    /// </summary>
    public bool GradientPasses(Signal signal) => IsInner(signal, writer => writer is not DenseConvolutionPlan, _ => true);

    /// <summary>
    /// True for a signal of which nobody wants the values any more, likewise: max pooling remembers what its way back needs,
    /// flattening has copied them, or they are made again.
    /// </summary>
    public bool ValuesPass(Signal signal) =>
        IsInner(signal, _ => true, reader => reader is MaxPoolPlan)
        || IsInner(signal, writer => writer is PooledConvolutionPlan, reader => reader is FlattenPlan)
        || MadeAgain(signal) is not null;

    /// <summary>
    /// The convolution of so few weights that the way back makes its output again, tile by tile, rather than fetch what the
    /// way forward made from memory; null for a signal that is kept.
    /// </summary>
    public KeptConvolutionPlan? MadeAgain(Signal signal) =>
        Layers.FirstOrDefault(layer => layer.Output == signal) is KeptConvolutionPlan { MakesAgain: true } maker
        && IsInner(signal, _ => true, reader => reader is KeptConvolutionPlan) && !ValuesPass(maker.Input) ? maker : null;

    /// <summary>The values of a layer.</summary>
    public Span<float> ValuesOf(LayerPlan layer) => Values.Span.Slice(layer.Offset, layer.Length);

    /// <summary>Takes values (weights, or moments of the same shapes) from full shape into <paramref name="values"/>.</summary>
    public void Load(Weights weights, Span<float> values)
    {
        foreach (LayerPlan layer in Layers) layer.Load(weights, values.Slice(layer.Offset, layer.Length));
    }

    /// <summary>Values (weights, or moments of the same shapes) in full shape, zero where pruned.</summary>
    public Weights Save(ReadOnlySpan<float> values)
    {
        var weights = new Weights(Network);
        foreach (LayerPlan layer in Layers) layer.Save(values.Slice(layer.Offset, layer.Length), weights);
        return weights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerPlan layer in Layers) layer.Dispose();
        Values.Dispose();
    }

    /// <summary>True for images without another name that one layer of a chain writes and another reads.</summary>
    private bool IsInner(Signal signal, Predicate<LayerPlan> writer, Predicate<LayerPlan> reader)
    {
        bool hasOtherNames = signal.ValuesOf is not null || signal.GradientOf is not null
            || Signals.Any(other => other.ValuesOf == signal.Index || other.GradientOf == signal.Index);
        return !signal.Shape.IsFlat && !hasOtherNames && Chains.Any(chain =>
            chain.Tiled.Any(layer => layer.Output == signal && writer(layer))
            && chain.Tiled.Any(layer => layer.Input == signal && reader(layer)));
    }

    private static int[] PlacesOf(Signal input)
    {
        var places = new int[input.Shape.Count];
        Array.Fill(places, -1);
        if (input.Shape.IsFlat)
        {
            for (int i = 0; i < input.Present.Length; i++) places[input.Present[i]] = i;
            return places;
        }
        ImageLayout layout = input.Layout;
        for (int i = 0; i < places.Length; i++)
        {
            int row = i / layout.Columns;
            places[i] = layout.Offset(row / layout.Rows, row % layout.Rows, i % layout.Columns) / ImageLayout.Lanes;
        }
        return places;
    }
}
