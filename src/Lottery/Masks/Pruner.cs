using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Masks;

/// <summary>
/// Makes a level's mask: of the n weights that compete, the ⌊n × rate⌋ with the lowest scores go, ties by a seeded draw
/// (the stream <c>ties/level-L/NAME</c>). Always exactly that many, and every layer keeps its best weight. Or those below
/// a fixed threshold go, however many they are.
/// </summary>
public static class Pruner
{
    /// <summary>Cuts a level from the one before.</summary>
    /// <param name="parent">The mask of the level before.</param>
    /// <param name="initial">w_i: what the level before started from.</param>
    /// <param name="final">w_f: where it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="rates">The share of the kept weights to remove, by layer kind.</param>
    /// <param name="scope">Whether weights compete within a layer or within the network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">A rate is not in [0, 1), or a score is not a number (exit code 1).</exception>
    public static PruneOutcome Cut(
        Mask parent, Weights initial, Weights final, Criterion criterion, PruneRates rates, PruneScope scope, ulong seed, int level) =>
        Cut(parent, new(initial, final, criterion, seed, level), Pool.Of(parent.Network, rates, scope),
            (pool, ranked) => PruneCounts.Removed(ranked.Length, pool.Rate));

    /// <summary>
    /// Cuts a one-shot level straight from the run at the root, to the counts that the iterative schedule has at that level.
    /// </summary>
    /// <param name="root">The mask of the run at the root: full, or given.</param>
    /// <param name="initial">w_i: what that run started from.</param>
    /// <param name="final">w_f: where it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="rates">The share of the kept weights that each level removes, by layer kind.</param>
    /// <param name="scope">Whether weights compete within a layer or within the network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">A rate is not in [0, 1), or a score is not a number (exit code 1).</exception>
    public static PruneOutcome CutTo(
        Mask root, Weights initial, Weights final, Criterion criterion, PruneRates rates, PruneScope scope, ulong seed, int level) =>
        Cut(root, new(initial, final, criterion, seed, level), Pool.Of(root.Network, rates, scope),
            (pool, ranked) => ranked.Length - PruneCounts.After(root, pool, level));

    /// <summary>Cuts a level from the one before at a fixed threshold: the weights whose score is at least that stay.</summary>
    /// <param name="parent">The mask of the level before.</param>
    /// <param name="initial">w_i: what the level before started from.</param>
    /// <param name="final">w_f: where it ended.</param>
    /// <param name="criterion">The score.</param>
    /// <param name="threshold">The smallest score that stays, in the criterion's own measure.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level of the new mask, 1 or more.</param>
    /// <exception cref="UserException">The threshold is not a number, or a score is none (exit code 1).</exception>
    public static PruneOutcome CutAt(
        Mask parent, Weights initial, Weights final, Criterion criterion, double threshold, ulong seed, int level) =>
        double.IsNaN(threshold)
            ? throw new UserException("The threshold is not a number: give the smallest score that stays.")
            : Cut(parent, new(initial, final, criterion, seed, level), Pool.Each(parent.Network),
                (_, ranked) => ranked.Count(weight => weight.Score < threshold));

    private static PruneOutcome Cut(Mask parent, Scoring scoring, ImmutableArray<Pool> pools, Func<Pool, Ranked[], int> share)
    {
        ImmutableArray<Parameter> parameters = parent.Network.Parameters;
        BitSet?[] bits = [.. parameters.Select((_, i) => parent[i]?.Clone())];
        var thresholds = new double?[parameters.Length];
        var keptLast = new List<int>();
        foreach (Pool pool in pools)
        {
            Ranked[] ranked = scoring.Rank(parent, pool);
            Span<Ranked> weights = ranked;
            int gone = MoveGoing(weights, share(pool, ranked), keptLast);
            foreach (ref readonly Ranked weight in weights[..gone]) bits[weight.Parameter]![weight.Index] = false;
            foreach (ref readonly Ranked weight in weights[gone..])
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

    // Moves the weights that go to the front and says how many they are.
    private static int MoveGoing(Span<Ranked> weights, int share, List<int> keptLast)
    {
        int free = weights.Length - MoveBestToEnd(weights), gone = Math.Min(share, free);
        Ranked.MoveFirst(weights[..free], gone);
        foreach (ref readonly Ranked best in weights[free..])
            if (gone < share || (gone > 0 && Ranked.Before(best, weights[gone - 1]))) keptLast.Add(best.Parameter);
        return gone;
    }

    // Moves the best weight of each parameter to the end, in order; the weights come parameter by parameter.
    private static int MoveBestToEnd(Span<Ranked> weights)
    {
        var best = new List<int>();
        for (int i = 0; i < weights.Length; i++)
        {
            if (i == 0 || weights[i - 1].Parameter != weights[i].Parameter) best.Add(i);
            else if (Ranked.Before(weights[best[^1]], weights[i])) best[^1] = i;
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
