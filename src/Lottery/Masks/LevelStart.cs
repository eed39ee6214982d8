using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>The weights that a level starts from.</summary>
public static class LevelStart
{
    /// <summary>
    /// The mask-1 action on the kept weights, then the mask-0 action on the pruned ones; biases as in
    /// <paramref name="initial"/>.
    /// </summary>
    /// <param name="mask">The level's mask.</param>
    /// <param name="initial">What the level before started from, or the weights rewound to.</param>
    /// <param name="final">Where the level before ended.</param>
    /// <param name="mask1">What kept weights become.</param>
    /// <param name="mask0">What pruned weights become.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level that is about to train.</param>
    public static Weights Weights(
        Mask mask, Weights initial, Weights final, Mask1 mask1, Mask0 mask0, ulong seed, int level)
    {
        Weights start = initial.Clone();
        Network network = mask.Network;
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            if (mask[i] is not { } kept) continue;
            var at = new ActionContext
            {
                Network = network, Parameter = network.Parameters[i], Kept = kept,
                Initial = initial[i], Final = final[i], Seed = seed, Level = level,
            };
            mask1.Apply(at, start[i]);
            mask0.Apply(at, start[i]);
        }
        return start;
    }
}
