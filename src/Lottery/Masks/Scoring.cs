using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Masks;

/// <summary>Gives the kept weights of a level their scores and their draws.</summary>
/// <param name="Initial">w_i: what the level before started from.</param>
/// <param name="Final">w_f: where it ended.</param>
/// <param name="Criterion">The score.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Level">The level of the new mask.</param>
internal sealed record Scoring(Weights Initial, Weights Final, Criterion Criterion, ulong Seed, int Level)
{
    /// <summary>The kept weights of a pool, by parameter and index.</summary>
    internal Ranked[] Rank(Mask mask, Pool pool)
    {
        var ranked = new Ranked[pool.Parameters.Sum(i => mask[i]!.Count())];
        int start = 0;
        foreach (int parameter in pool.Parameters)
            start += Rank(mask, parameter, ranked.AsSpan(start));
        return ranked;
    }

    private int Rank(Mask mask, int parameter, Span<Ranked> ranked)
    {
        int[] kept = Places(mask[parameter]!);
        string name = mask.Network.Parameters[parameter].Name;
        double[] scores = Scores(mask.Network, parameter, kept);
        var ties = new RandomStream(Seed, $"ties/level-{Level}/{name}");
        for (int i = 0; i < kept.Length; i++)
        {
            if (double.IsNaN(scores[i])) throw NotANumber(name);
            ranked[i] = new(scores[i], ties.Bits(kept[i]), parameter, kept[i]);
        }
        return kept.Length;
    }

    private double[] Scores(Network network, int parameter, int[] kept)
    {
        var scores = new double[kept.Length];
        Criterion.Score(new()
        {
            Network = network, Parameter = network.Parameters[parameter],
            Initial = At(kept, Initial[parameter]), Final = At(kept, Final[parameter]),
        }, scores);
        return scores;
    }

    private static float[] At(int[] places, ReadOnlySpan<float> values)
    {
        var found = new float[places.Length];
        for (int i = 0; i < found.Length; i++) found[i] = values[places[i]];
        return found;
    }

    private static int[] Places(BitSet bits)
    {
        var places = new int[bits.Count()];
        int next = 0;
        for (int i = 0; i < bits.Length; i++)
            if (bits[i]) places[next++] = i;
        return places;
    }

    private UserException NotANumber(string parameter) => new(
        $"The criterion {Criterion.Name} gives a weight of {parameter} a score that is not a number for level {Level}: "
        + "the training before it probably diverged; try a lower learning rate.", exitCode: 1);
}
