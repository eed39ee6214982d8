using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Whether a layer stores its kept weights alone: a rule on the mask, chosen by measurement and versioned with the kernels
/// (family <c>plan</c>; for convolutions <c>convolution</c>), never by a timing at run time. A linear layer and a depthwise
/// convolution store their kept weights alone as soon as one is pruned.
/// </summary>
internal static class StorageRule
{
    /// <summary>Above this density a dense convolution whose pruned weights are held at zero is the faster one.</summary>
    private const double DensestSparseConvolution = 0.45;

    /// <summary>The mask of a layer that stores its kept weights alone; null for one that stores every weight.</summary>
    /// <param name="layer">A layer with weights.</param>
    /// <param name="bits">Its mask; null if it is not prunable.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    public static BitSet? Sparse(Layer layer, BitSet? bits, bool frozen)
    {
        if (bits is null || frozen) return null;
        int kept = bits.Count();
        return layer is Convolution ? kept <= DensestSparseConvolution * bits.Length ? bits : null
            : kept < bits.Length ? bits : null;
    }
}
