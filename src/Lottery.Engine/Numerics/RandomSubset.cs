namespace Lottery.Numerics;

/// <summary>A random subset of given size; every subset is equally likely.</summary>
internal static class RandomSubset
{
    /// <summary>The candidates whose values in <paramref name="random"/> are the smallest, in no particular order.</summary>
    /// <param name="candidates">Indices into the stream, all different.</param>
    /// <param name="count">The size of the subset.</param>
    /// <param name="random">A value for each candidate.</param>
    internal static IEnumerable<int> Choose(IReadOnlyList<int> candidates, int count, RandomStream random)
    {
        var ranked = new RankedWeight[candidates.Count];
        for (int i = 0; i < ranked.Length; i++) ranked[i] = new(0.0, random.Bits(candidates[i]), 0, candidates[i]);
        RankedWeight.MoveFirst(ranked, count);
        return ranked.Take(count).Select(one => one.Index);
    }
}
