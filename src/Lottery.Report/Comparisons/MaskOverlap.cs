using System.Numerics;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Report.Comparisons;

/// <summary>The overlap of two masks: how many weights both keep, and how many at least one keeps.</summary>
/// <param name="Both">Weights that both masks keep.</param>
/// <param name="Either">Weights that at least one mask keeps.</param>
internal readonly record struct MaskOverlap(long Both, long Either)
{
    /// <summary>Intersection over union (Jaccard index), 0–1; NaN if neither mask keeps a weight.</summary>
    public double Fraction => (double)Both / Either;

    /// <summary>The overlap of two layers together.</summary>
    public static MaskOverlap operator +(MaskOverlap one, MaskOverlap other) => new(one.Both + other.Both, one.Either + other.Either);

    /// <summary>The overlap in one layer.</summary>
    /// <param name="one">The kept weights of one mask.</param>
    /// <param name="other">Those of the other, equally many bits.</param>
    /// <exception cref="ArgumentException">The layers do not have equally many weights.</exception>
    public static MaskOverlap Of(BitSet one, BitSet other)
    {
        if (one.Length != other.Length) throw new ArgumentException($"A layer of {one.Length} weights has no overlap with one of {other.Length}.", nameof(other));
        long both = 0, either = 0;
        for (int i = 0; i < one.Words.Length; i++)
        {
            both += BitOperations.PopCount(one.Words[i] & other.Words[i]);
            either += BitOperations.PopCount(one.Words[i] | other.Words[i]);
        }
        return new(both, either);
    }

    /// <summary>The overlap in all layers.</summary>
    public static MaskOverlap Of(Mask one, Mask other) =>
        Layers(one).Aggregate(default(MaskOverlap), (sum, p) => sum + Of(one[p]!, other[p]!));

    /// <summary>The overlap that two independent random masks of the same counts in each layer are expected to have.</summary>
    public static double Chance(Mask one, Mask other) =>
        Chance([.. Layers(one).Select(p => new LayerCounts(one[p]!.Length, one[p]!.Count(), other[p]!.Count()))]);

    /// <summary>The expected overlap of two independent random masks, over some layers together.</summary>
    /// <remarks>
    /// In a layer of n weights the number that both keep is hypergeometric, with the mean ab ÷ n and the variance
    /// ab(n − a)(n − b) ÷ n²(n − 1). The expectation of x ÷ (kept − x) is expanded to the second order around that mean, which is
    /// exact where a mask keeps everything, and within a hundredth of the value once the masks are expected to share a few weights.
    /// </remarks>
    /// <param name="layers">The layers' counts.</param>
    /// <returns>0–1; NaN if neither keeps a weight.</returns>
    public static double Chance(params IReadOnlyCollection<LayerCounts> layers)
    {
        double kept = 0, mean = 0, variance = 0;
        foreach ((double n, double a, double b) in layers)
        {
            kept += a + b;
            mean += n == 0 ? 0 : a * b / n;
            variance += n < 2 ? 0 : a * b * (n - a) * (n - b) / (n * n * (n - 1));
        }
        double either = kept - mean;
        return mean / either + kept * variance / (either * either * either);
    }

    private static IEnumerable<int> Layers(Mask mask) =>
        Enumerable.Range(0, mask.Network.Parameters.Length).Where(p => mask.Network.Parameters[p].Prunable);
}

/// <summary>How many weights two masks keep in one layer.</summary>
/// <param name="Weights">The layer's weights.</param>
/// <param name="One">Kept by one mask.</param>
/// <param name="Other">Kept by the other.</param>
internal readonly record struct LayerCounts(double Weights, double One, double Other);
