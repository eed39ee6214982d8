using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Masks;

/// <summary>Ranks the kept weights of a level by score, with ties broken by the seed.</summary>
/// <param name="Initial">w_i: the weights that the level before started from.</param>
/// <param name="Final">w_f: the weights at which it ended.</param>
/// <param name="Criterion">The score.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Level">The level of the new mask.</param>
internal sealed record Scoring(Weights Initial, Weights Final, Criterion Criterion, ulong Seed, int Level)
{
    /// <summary>The kept weights of a group, by parameter and index.</summary>
    internal RankedWeight[] Rank(Mask mask, PruningGroup group)
    {
        var ranked = new RankedWeight[group.Parameters.Sum(i => mask[i]!.Count())];
        int start = 0;
        foreach (int parameter in group.Parameters)
            start += Rank(mask, parameter, ranked.AsSpan(start));
        return ranked;
    }

    private int Rank(Mask mask, int parameter, Span<RankedWeight> ranked)
    {
        BitSet kept = mask[parameter]!;
        string name = mask.Network.Parameters[parameter].Name;
        var scores = new double[kept.Count()];
        Criterion.Score(new()
        {
            Network = mask.Network, Parameter = mask.Network.Parameters[parameter],
            Initial = SparseValues.Gather(Initial[parameter], kept), Final = SparseValues.Gather(Final[parameter], kept),
        }, scores);
        var ties = new RandomStream(Seed, $"ties/level-{Level}/{name}");
        for (int index = 0, next = 0; index < kept.Length; index++)
        {
            if (!kept[index]) continue;
            if (double.IsNaN(scores[next])) throw NotANumber(name);
            ranked[next] = new(scores[next], ties.Bits(index), parameter, index);
            next++;
        }
        return scores.Length;
    }

    private WorkFailedException NotANumber(string parameter) => new(
        $"The criterion {Criterion.Name} gives a weight of {parameter} a score that is not a number for level {Level}: "
        + "the training before it probably diverged; try a lower learning rate.");
}
