using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Report.Comparisons;

/// <summary>The kept weights of each unit (of a convolution: of each channel) of a layer, on one side of it (Frankle &amp; Carbin 2019, figures 19–24).</summary>
/// <param name="Each">The weights of a unit, kept or pruned.</param>
/// <param name="Kept">The kept weights of each unit.</param>
internal sealed record UnitConnections(int Each, ImmutableArray<int> Kept)
{
    /// <summary>The mean number of kept weights of a unit.</summary>
    public double Mean => Kept.Average();

    /// <summary>The standard deviation of the kept weights over the units.</summary>
    public double Deviation
    {
        get
        {
            double mean = Mean;
            return Math.Sqrt(Kept.Average(kept => (kept - mean) * (kept - mean)));
        }
    }

    /// <summary>
    /// The standard deviation expected of a random mask with the same number of kept weights in the layer, of which a unit's are a
    /// hypergeometric sample; 0 where a layer keeps all weights or has one unit.
    /// </summary>
    public double ChanceDeviation
    {
        get
        {
            double all = (double)Each * Kept.Length, density = Kept.Sum() / all;
            return all < 2 ? 0 : Math.Sqrt(Each * density * (1 - density) * (all - Each) / (all - 1));
        }
    }

    /// <summary>Units without a kept weight.</summary>
    public int Unconnected => Kept.Count(kept => kept == 0);

    /// <summary>The incoming weights of the units that a layer computes.</summary>
    public static UnitConnections Incoming(Parameter parameter, BitSet kept) =>
        Count(kept, parameter.Shape[0], parameter.Count / parameter.Shape[0], i => i / (parameter.Count / parameter.Shape[0]));

    /// <summary>
    /// The outgoing weights of the units that a layer reads; null where there is only one, as of a depthwise convolution, whose
    /// channels read themselves.
    /// </summary>
    public static UnitConnections? Outgoing(Parameter parameter, BitSet kept)
    {
        int inputs = parameter.Shape[1], offsets = parameter.Count / parameter.Shape[0] / inputs;
        return inputs < 2 ? null : Count(kept, inputs, parameter.Count / inputs, i => i / offsets % inputs);
    }

    private static UnitConnections Count(BitSet kept, int units, int each, Func<int, int> unitOf)
    {
        var counts = new int[units];
        for (int i = 0; i < kept.Length; i++)
            if (kept[i]) counts[unitOf(i)]++;
        return new(each, [.. counts]);
    }
}
