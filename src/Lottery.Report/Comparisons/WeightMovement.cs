using System.Collections.Immutable;
using Lottery.Numerics;

namespace Lottery.Report.Comparisons;

/// <summary>How far a training moved some weights, and whether it changed their signs.</summary>
/// <param name="Count">The weights.</param>
/// <param name="SameSign">Those whose final value w_f has the sign of the initial value w_i; 0 has none.</param>
/// <param name="Flipped">Those whose final value has the other sign.</param>
/// <param name="Distance">Σ |w_f − w_i|.</param>
/// <param name="ByDistance">How many moved by k to k + 1 widths of a histogram's bin; the last bin holds all that moved farther.</param>
internal sealed record WeightMovement(long Count, long SameSign, long Flipped, double Distance, ImmutableArray<long> ByDistance)
{
    /// <summary>Bins of the histogram.</summary>
    public const int Bins = 64;

    /// <summary>Bins in one standard deviation of the layer's initial distribution.</summary>
    public const int BinsPerDeviation = 8;

    /// <summary>No weights.</summary>
    public static WeightMovement None { get; } = new(0, 0, 0, 0, [.. new long[Bins]]);

    /// <summary>The fraction whose sign stayed, 0–1; NaN for no weights.</summary>
    public double SameSignFraction => (double)SameSign / Count;

    /// <summary>The fraction whose sign changed, 0–1; NaN for no weights.</summary>
    public double FlippedFraction => (double)Flipped / Count;

    /// <summary>The mean of |w_f − w_i|; NaN for no weights.</summary>
    public double MeanDistance => Distance / Count;

    /// <summary>The weights of both together.</summary>
    public static WeightMovement operator +(WeightMovement one, WeightMovement other) => new(
        one.Count + other.Count, one.SameSign + other.SameSign, one.Flipped + other.Flipped, one.Distance + other.Distance,
        [.. one.ByDistance.Zip(other.ByDistance, (a, b) => a + b)]);

    /// <summary>The movement of one layer's kept weights, and of its pruned ones.</summary>
    /// <param name="kept">The kept weights.</param>
    /// <param name="initial">w_i; as many values.</param>
    /// <param name="final">w_f; likewise.</param>
    /// <param name="width">The width of a histogram's bin.</param>
    public static (WeightMovement Kept, WeightMovement Pruned) Of(BitSet kept, ReadOnlySpan<float> initial, ReadOnlySpan<float> final, double width)
    {
        Span<long> counts = stackalloc long[2], same = stackalloc long[2], flipped = stackalloc long[2];
        Span<double> distances = stackalloc double[2];
        long[][] bins = [new long[Bins], new long[Bins]];
        for (int i = 0; i < initial.Length; i++)
        {
            int side = kept[i] ? 0 : 1;
            double from = initial[i], to = final[i], distance = Math.Abs(to - from);
            counts[side]++;
            if (from * to > 0) same[side]++;
            else if (from * to < 0) flipped[side]++;
            distances[side] += distance;
            // Weights of a training that diverged are NaN, which has no bin.
            if (!double.IsNaN(distance)) bins[side][(int)Math.Min(distance / width, Bins - 1)]++;
        }
        return (new(counts[0], same[0], flipped[0], distances[0], [.. bins[0]]), new(counts[1], same[1], flipped[1], distances[1], [.. bins[1]]));
    }
}
