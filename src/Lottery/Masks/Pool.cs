using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Masks;

/// <summary>Parameters whose weights compete with one another: a layer alone, or the whole network.</summary>
/// <param name="Parameters">Indices into the network's parameters; all prunable.</param>
/// <param name="Rate">The share of the kept weights that a level removes, in [0, 1).</param>
internal sealed record Pool(ImmutableArray<int> Parameters, decimal Rate)
{
    /// <summary>The pools of a network, in the order of its layers.</summary>
    internal static ImmutableArray<Pool> Of(Network network, PruneRates rates, PruneScope scope)
    {
        ImmutableArray<int> prunable = Prunable(network);
        if (scope == PruneScope.Layer)
            return [.. prunable.Select(i => new Pool([i], RateOf(network.Parameters[i].Kind, rates)))];
        bool convolutions = prunable.Any(i => network.Parameters[i].Kind == LayerKind.Conv);
        return [new(prunable, RateOf(convolutions ? LayerKind.Conv : LayerKind.Fc, rates))];
    }

    /// <summary>Every prunable parameter by itself, with no rate.</summary>
    internal static ImmutableArray<Pool> Each(Network network) => [.. Prunable(network).Select(i => new Pool([i], 0.0m))];

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
            $"The pruning rate {kind.ToString().ToLowerInvariant()}={rate} is not a share of the kept weights: give a number from 0 to below 1."));
    }
}
