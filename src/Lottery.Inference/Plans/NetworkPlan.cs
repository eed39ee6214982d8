using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// How a masked network is laid out: a layer that keeps every weight is dense, any other holds its kept weights alone.
/// The rule looks at the mask and at nothing else, so the bits of a result do too.
/// </summary>
/// <remarks>
/// Where pruned weights are frozen at something other than zero they act, forward and backward, so every layer is dense
/// and costs what a dense layer costs.
/// </remarks>
internal sealed class NetworkPlan : IDisposable
{
    private readonly int[][] _present;

    /// <summary>The plan of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="frozen">True where pruned weights have values of their own.</param>
    public NetworkPlan(Network network, Mask mask, KernelSet kernels, bool frozen = false)
    {
        (Network, Kernels) = (network, kernels);
        Linear[] linear = [.. network.Layers.OfType<Linear>()];
        BitSet?[] kept = [.. linear.Select((_, i) => mask[2 * i]!).Select(bits => frozen || bits.Count() == bits.Length ? null : bits)];
        _present = Presence.Of(linear, kept);
        var layers = ImmutableArray.CreateBuilder<LayerPlan>();
        int offset = 0;
        for (int i = 0; i < linear.Length; i++)
        {
            int after = network.Layers.IndexOf(linear[i]) + 1;
            bool relu = after < network.Layers.Length && network.Layers[after] is Relu;
            layers.Add(kept[i] is { } bits
                ? new KeptLayerPlan(linear[i], relu, bits, _present[i], _present[i + 1], offset, kernels)
                : new DenseLayerPlan(linear[i], relu, offset, kernels));
            offset += layers[i].Length;
        }
        Layers = layers.ToImmutable();
        Values = new(offset);
        Places = new int[network.Inputs];
        Array.Fill(Places, -1);
        for (int i = 0; i < _present[0].Length; i++) Places[_present[0][i]] = i;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The kernels.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The linear layers, first to last.</summary>
    public ImmutableArray<LayerPlan> Layers { get; }

    /// <summary>Every value of every layer.</summary>
    public AlignedBuffer<float> Values { get; }

    /// <summary>For each input of the network the row that it has in the first activations, or −1 where nobody uses it.</summary>
    public int[] Places { get; }

    /// <summary>Rows of the activations before the layer at <paramref name="index"/> (after the last: the classes), with room for whole sixteens.</summary>
    public int RowsAt(int index) => LayerPlan.Padded(_present[index].Length);

    /// <summary>The values of a layer.</summary>
    public Span<float> ValuesOf(LayerPlan layer) => Values.Span.Slice(layer.Offset, layer.Length);

    /// <summary>Takes values (weights, or moments of the same shapes) from full shape into <paramref name="values"/>.</summary>
    public void Load(Weights weights, Span<float> values)
    {
        for (int i = 0; i < Layers.Length; i++)
            Layers[i].Load(weights[2 * i], weights[2 * i + 1], values.Slice(Layers[i].Offset, Layers[i].Length));
    }

    /// <summary>Values (weights, or moments of the same shapes) in full shape, zero where pruned.</summary>
    public Weights Save(ReadOnlySpan<float> values)
    {
        var weights = new Weights(Network);
        for (int i = 0; i < Layers.Length; i++)
            Layers[i].Save(values.Slice(Layers[i].Offset, Layers[i].Length), weights[2 * i], weights[2 * i + 1]);
        return weights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerPlan layer in Layers) layer.Dispose();
        Values.Dispose();
    }
}
