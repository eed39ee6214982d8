using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Whether a layer stores its kept weights alone: a rule on the mask, from measurement and versioned with the kernels
/// (family <c>plan</c>; for convolutions <c>convolution</c>), never a timing of the day.
/// </summary>
internal static class Storage
{
    /// <summary>Above this density a dense convolution whose pruned weights are held at zero is the faster one.</summary>
    private const double DensestKeptConvolution = 0.45;

    /// <summary>The bits of a layer that stores its kept weights alone; null for one that stores every weight.</summary>
    /// <param name="layer">A layer with weights.</param>
    /// <param name="bits">Its bits; null where it is not prunable.</param>
    /// <param name="frozen">True where pruned weights have values of their own.</param>
    public static BitSet? Kept(Layer layer, BitSet? bits, bool frozen)
    {
        if (bits is null || frozen) return null;
        int kept = bits.Count();
        return layer is Convolution ? kept <= DensestKeptConvolution * bits.Length ? bits : null
            : kept < bits.Length ? bits : null;
    }
}
