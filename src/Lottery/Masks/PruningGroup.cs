using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Masks;

/// <summary>Parameters whose weights compete for the same count: one layer, or all layers of a network.</summary>
/// <param name="Parameters">Indices into the network's parameters; all are prunable.</param>
/// <param name="Rate">The fraction of the kept weights that a level removes, in [0, 1).</param>
internal sealed record PruningGroup(ImmutableArray<int> Parameters, decimal Rate)
{
    /// <summary>The groups of a network, in the order of its layers.</summary>
    /// <exception cref="UserException">A rate is not in [0, 1).</exception>
    internal static ImmutableArray<PruningGroup> Of(Network network, PruneRates rates, PruneScope scope)
    {
        ImmutableArray<int> prunable = Prunable(network);
        if (scope == PruneScope.Layer)
            return [.. prunable.Select(i => new PruningGroup([i], RateOf(network.Parameters[i].Kind, rates)))];
        bool convolutions = prunable.Any(i => network.Parameters[i].Kind == LayerKind.Conv);
        return [new(prunable, RateOf(convolutions ? LayerKind.Conv : LayerKind.Fc, rates))];
    }

    /// <summary>A group for each prunable parameter, without a rate.</summary>
    internal static ImmutableArray<PruningGroup> PerLayer(Network network) =>
        [.. Prunable(network).Select(i => new PruningGroup([i], 0.0m))];

    private static ImmutableArray<int> Prunable(Network network) =>
        [.. Enumerable.Range(0, network.Parameters.Length).Where(i => network.Parameters[i].Prunable)];

    private static decimal RateOf(LayerKind kind, PruneRates rates)
    {
        decimal rate = kind switch
        {
            LayerKind.Conv => rates.Conv,
            LayerKind.Fc => rates.Fc,
            _ => rates.Output,
        };
        return rate is >= 0m and < 1m ? rate : throw new UserException(FormattableString.Invariant(
            $"The pruning rate {kind.ToString().ToLowerInvariant()}={rate} is not a fraction of the kept weights: give a number from 0 to below 1."));
    }
}

/// <summary>How many weights a level removes and keeps: integer arithmetic on decimal rates, so that counts are exact.</summary>
internal static class PruneCounts
{
    /// <summary>The first level after a mask that removes no weight; 0 if each of the levels does.</summary>
    internal static int FirstEmptyLevel(Mask from, PruneRates rates, PruneScope scope, int levels)
    {
        ImmutableArray<PruningGroup> groups = PruningGroup.Of(from.Network, rates, scope);
        int[] kept = [.. groups.Select(group => After(from, group, 0))];
        for (int level = 1; level <= levels; level++)
        {
            int[] next = [.. groups.Zip(kept, Next)];
            if (next.SequenceEqual(kept)) return level;
            kept = next;
        }
        return 0;
    }

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
    /// The number of kept weights of the iterative schedule at <paramref name="level"/>: for the scope <c>layer</c> one count
    /// for each prunable parameter, in order; for the scope <c>network</c> a single count.
    /// </summary>
    /// <exception cref="UserException">A rate is not in [0, 1).</exception>
    public static ImmutableArray<int> After(Network network, PruneRates rates, PruneScope scope, int level) =>
        [.. PruningGroup.Of(network, rates, scope).Select(group => After(Mask.Full(network), group, level))];

    /// <summary>The number of a group's kept weights <paramref name="level"/> levels after a mask: at least one for each layer.</summary>
    internal static int After(Mask from, PruningGroup group, int level)
    {
        int kept = group.Parameters.Sum(i => from[i]!.Count());
        for (int i = 0; i < level; i++) kept = Next(group, kept);
        return kept;
    }

    /// <summary>The number of a group's kept weights at the next level: at least one for each layer that has any.</summary>
    internal static int Next(PruningGroup group, int kept) => kept - Math.Clamp(kept - group.Parameters.Length, 0, Removed(kept, group.Rate));
}
