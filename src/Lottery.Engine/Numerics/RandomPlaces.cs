namespace Lottery.Numerics;

/// <summary>Some of many places; every choice is equally likely.</summary>
internal static class RandomPlaces
{
    /// <summary>The places whose numbers in <paramref name="random"/> are the smallest, in no particular order.</summary>
    /// <param name="places">All there are.</param>
    /// <param name="count">How many to take.</param>
    /// <param name="random">A number for every place.</param>
    internal static IEnumerable<int> Of(IReadOnlyList<int> places, int count, RandomStream random)
    {
        var drawn = new Ranked[places.Count];
        for (int i = 0; i < drawn.Length; i++) drawn[i] = new(0.0, random.Bits(places[i]), 0, places[i]);
        Ranked.MoveFirst(drawn, count);
        return drawn.Take(count).Select(one => one.Index);
    }
}
