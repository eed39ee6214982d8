using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Masks;

/// <summary>
/// Makes a level's mask: of the n weights that compete, the ⌊n × rate⌋ with the lowest scores are pruned, always exactly that
/// many; ties are broken by the seed (the stream <c>ties/level-L/NAME</c>). With a fixed threshold, the weights below it are
/// pruned. Every layer keeps at least its best weight.
/// </summary>
internal static class Pruner
{
    /// <summary>Cuts a level from the one before.</summary>
    /// <param name="parent">The mask of the level before.</param>
    /// <param name="initial">w_i: the weights that the level before started from.</param>
    /// <param name="final">w_f: the weights at which it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="rates">The fraction of the kept weights to remove, by layer kind.</param>
    /// <param name="scope">Whether weights compete within a layer or within the network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">A rate is not in [0, 1), or a score is not a number (exit code 1).</exception>
    public static PruneOutcome Cut(
        Mask parent, Weights initial, Weights final, Criterion criterion, PruneRates rates, PruneScope scope, ulong seed, int level) =>
        Cut(parent, new(initial, final, criterion, seed, level), PruningGroup.Of(parent.Network, rates, scope),
            (group, ranked) => PruneCounts.Removed(ranked.Length, group.Rate));

    /// <summary>
    /// Cuts a one-shot level from the root run, to the counts of the iterative schedule at that level.
    /// </summary>
    /// <param name="root">The mask of the root run: full, or the search's initial mask.</param>
    /// <param name="initial">w_i: the weights that the root run started from.</param>
    /// <param name="final">w_f: the weights at which it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="rates">The fraction of the kept weights that each level removes, by layer kind.</param>
    /// <param name="scope">Whether weights compete within a layer or within the network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">A rate is not in [0, 1), or a score is not a number (exit code 1).</exception>
    public static PruneOutcome CutTo(
        Mask root, Weights initial, Weights final, Criterion criterion, PruneRates rates, PruneScope scope, ulong seed, int level) =>
        Cut(root, new(initial, final, criterion, seed, level), PruningGroup.Of(root.Network, rates, scope),
            (group, ranked) => ranked.Length - PruneCounts.After(root, group, level));

    /// <summary>Cuts a level from the one before at a fixed threshold: weights with at least that score are kept.</summary>
    /// <param name="parent">The mask of the level before.</param>
    /// <param name="initial">w_i: the weights that the level before started from.</param>
    /// <param name="final">w_f: the weights at which it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="threshold">The smallest score that is kept, in the criterion's own unit.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">The threshold or a score is not a number (exit code 1).</exception>
    public static PruneOutcome CutAt(
        Mask parent, Weights initial, Weights final, Criterion criterion, double threshold, ulong seed, int level) =>
        double.IsNaN(threshold)
            ? throw new UserException("The threshold is not a number: give the smallest score to keep.")
            : Cut(parent, new(initial, final, criterion, seed, level), PruningGroup.PerLayer(parent.Network),
                (_, ranked) => ranked.Count(weight => weight.Score < threshold));

    private static PruneOutcome Cut(Mask parent, Scoring scoring, ImmutableArray<PruningGroup> groups, Func<PruningGroup, RankedWeight[], int> removed)
    {
        ImmutableArray<Parameter> parameters = parent.Network.Parameters;
        BitSet?[] bits = [.. parameters.Select((_, i) => parent[i]?.Clone())];
        var thresholds = new double?[parameters.Length];
        var keptLast = new List<int>();
        foreach (PruningGroup group in groups)
        {
            RankedWeight[] ranked = scoring.Rank(parent, group);
            Span<RankedWeight> weights = ranked;
            int pruned = MovePrunedFirst(weights, removed(group, ranked), keptLast);
            foreach (ref readonly RankedWeight weight in weights[..pruned]) bits[weight.Parameter]![weight.Index] = false;
            foreach (ref readonly RankedWeight weight in weights[pruned..])
                if (!(thresholds[weight.Parameter] <= weight.Score)) thresholds[weight.Parameter] = weight.Score;
        }
        return new(new(parent.Network, [.. bits]), new()
        {
            Thresholds = Named(parameters, i => thresholds[i] is not null, i => thresholds[i]!.Value),
            KeptLast = [.. keptLast.Select(i => parameters[i].Name)],
            Masking = Named(parameters, i => bits[i] is not null,
                i => MaskingMetrics.Of(parent[i]!, bits[i]!, scoring.Initial[i], scoring.Final[i])),
        });
    }

    // Moves the weights to prune to the front and returns their number.
    private static int MovePrunedFirst(Span<RankedWeight> weights, int wanted, List<int> keptLast)
    {
        int free = weights.Length - MoveBestToEnd(weights), pruned = Math.Min(wanted, free);
        RankedWeight.MoveFirst(weights[..free], pruned);
        foreach (ref readonly RankedWeight best in weights[free..])
            if (pruned < wanted || (pruned > 0 && RankedWeight.Before(best, weights[pruned - 1]))) keptLast.Add(best.Parameter);
        return pruned;
    }

    // Moves the best weight of each parameter to the end, in order; the weights come parameter by parameter.
    private static int MoveBestToEnd(Span<RankedWeight> weights)
    {
        var best = new List<int>();
        for (int i = 0; i < weights.Length; i++)
        {
            if (i == 0 || weights[i - 1].Parameter != weights[i].Parameter) best.Add(i);
            else if (RankedWeight.Before(weights[best[^1]], weights[i])) best[^1] = i;
        }
        for (int i = best.Count - 1, end = weights.Length - 1; i >= 0; i--, end--)
            (weights[best[i]], weights[end]) = (weights[end], weights[best[i]]);
        return best.Count;
    }

    private static ImmutableSortedDictionary<string, T> Named<T>(
        ImmutableArray<Parameter> parameters, Func<int, bool> has, Func<int, T> value) =>
        Enumerable.Range(0, parameters.Length).Where(has)
            .ToImmutableSortedDictionary(i => parameters[i].Name, value, StringComparer.Ordinal);
}
