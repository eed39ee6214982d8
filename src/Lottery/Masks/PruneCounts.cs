using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Masks;

/// <summary>How many weights a level removes and keeps: whole-number arithmetic on decimal rates, exact.</summary>
public static class PruneCounts
{
    /// <summary>⌊kept × rate⌋, for a rate in [0, 1).</summary>
    internal static int Removed(int kept, decimal rate)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(rate, parts);
        var digits = new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        UInt128 unit = 1;
        for (int scale = parts[3] >> 16 & 0xFF; scale > 0; scale--) unit *= 10;
        return (int)((UInt128)kept * digits / unit);
    }

    /// <summary>
    /// The kept weights of the iterative schedule at <paramref name="level"/>: one count a prunable parameter, in order,
    /// where layers are pruned by themselves; a single count for the scope network. Their sum is the level's total.
    /// </summary>
    /// <exception cref="UserException">A rate is not in [0, 1).</exception>
    public static ImmutableArray<int> After(Network network, PruneRates rates, PruneScope scope, int level) =>
        [.. Pool.Of(network, rates, scope).Select(pool => After(Mask.Full(network), pool, level))];

    /// <summary>The kept weights of a pool <paramref name="level"/> levels after a mask; never fewer than one for each of its layers.</summary>
    internal static int After(Mask from, Pool pool, int level)
    {
        int kept = pool.Parameters.Sum(i => from[i]!.Count());
        for (int i = 0; i < level; i++) kept -= Math.Min(Removed(kept, pool.Rate), kept - pool.Parameters.Length);
        return kept;
    }
}
