using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Whether a layer stores its kept weights alone: a rule on the mask and on the share of zeros among the layer's inputs, chosen by
/// measurement and versioned with the kernels (family <c>plan</c>; for convolutions <c>convolution</c>), never by a timing at run
/// time.
/// </summary>
/// <remarks>
/// A sparse linear layer multiplies its kept weights with every input, a dense one, whose pruned weights are held at zero, all of
/// them with the inputs that are not zero: the one with the smaller share is the faster one. A depthwise convolution stores its
/// kept weights alone as soon as one is pruned.
/// </remarks>
internal static class StorageRule
{
    /// <summary>The share of zeros among the outputs of a ReLU, which the rule supposes of every network.</summary>
    public const double ZerosAfterRelu = 0.5;

    /// <summary>Above this density a dense convolution whose pruned weights are held at zero is the faster one.</summary>
    private const double DensestSparseConvolution = 0.45;

    /// <summary>What a dense layer costs besides its products, the update above all, as a share of what a sparse layer with every weight costs.</summary>
    private const double DenseUpdate = 0.09;

    /// <summary>The mask of a layer that stores its kept weights alone; null for one that stores every weight.</summary>
    /// <param name="layer">A layer with weights.</param>
    /// <param name="bits">Its mask; null if it is not prunable.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    /// <param name="zeros">The share of zeros among its inputs, 0–1.</param>
    public static BitSet? Sparse(Layer layer, BitSet? bits, bool frozen, double zeros)
    {
        if (bits is null || frozen) return null;
        int kept = bits.Count();
        return kept < bits.Length && kept <= Densest(layer, zeros) * bits.Length ? bits : null;
    }

    /// <summary>The largest density at which a pruned layer stores its kept weights alone.</summary>
    /// <param name="layer">A layer with weights.</param>
    /// <param name="zeros">The share of zeros among its inputs, 0–1.</param>
    public static double Densest(Layer layer, double zeros) => layer switch
    {
        Convolution => DensestSparseConvolution,
        Linear => 1 - zeros + DenseUpdate,
        _ => 1,
    };
}
