using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Masks;

/// <summary>The control <c>random-mask</c>: as many weights as the ticket keeps in each layer, at random positions.</summary>
internal static class RandomMask
{
    /// <summary>
    /// Keeps in each layer the weights with the smallest values of the stream <c>random-mask/level-L/NAME</c> (of draw D > 0:
    /// <c>random-mask/level-L/draw-D/NAME</c>), as many as <paramref name="ticket"/> keeps there; every choice is equally likely.
    /// </summary>
    /// <param name="ticket">The mask to compare with.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The ticket's level.</param>
    /// <param name="draw">Which draw; 0 is the first.</param>
    public static Mask Like(Mask ticket, ulong seed, int level, int draw = 0) =>
        new(ticket.Network, [.. ticket.Network.Parameters.Select((parameter, i) => ticket[i] is { } kept
            ? Choose(kept, new RandomStream(seed, $"{RandomStream.OfDraw($"random-mask/level-{level}", draw)}/{parameter.Name}"))
            : null)]);

    private static BitSet Choose(BitSet kept, RandomStream random)
    {
        var chosen = new BitSet(kept.Length);
        foreach (int i in RandomSubset.Choose([.. Enumerable.Range(0, kept.Length)], kept.Count(), random)) chosen[i] = true;
        return chosen;
    }
}
