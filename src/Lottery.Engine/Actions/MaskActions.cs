using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>Applies the mask-1 and mask-0 actions: from w_i to the weights with which a level begins.</summary>
internal static class MaskActions
{
    /// <summary>
    /// The mask-1 action on the kept weights, then the mask-0 action on the pruned ones; biases as in
    /// <paramref name="initial"/>, or, of <see cref="Mask1.Keep"/>, where they ended.
    /// </summary>
    /// <param name="mask">The level's mask.</param>
    /// <param name="initial">w_i: the weights of the dense run at the rewind point (step 0 by default).</param>
    /// <param name="before">The level before; may be null where neither action needs final weights.</param>
    /// <param name="mask1">What kept weights become.</param>
    /// <param name="mask0">What pruned weights become.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="level">The level that is about to train.</param>
    public static Weights Apply(
        Mask mask, Weights initial, TrainedLevel? before, Mask1 mask1, Mask0 mask0, ulong seed, int level)
    {
        if (mask0.NeedsFinal || mask1.NeedsFinal) ArgumentNullException.ThrowIfNull(before);
        Weights start = (mask1.Continues ? before!.Final : initial).Clone();
        Network network = mask.Network;
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            if (mask[i] is not { } kept) continue;
            var context = new ActionContext
            {
                Network = network, Parameter = network.Parameters[i], Kept = kept, Initial = initial[i],
                KeptBefore = before?.Mask[i], InitialBefore = before is null ? [] : before.Initial[i], Final = before is null ? [] : before.Final[i], Seed = seed, Level = level,
            };
            mask1.Apply(context, start[i]);
            mask0.Apply(context, start[i]);
        }
        return start;
    }

    /// <summary>
    /// The control <c>reinit</c>: new weights and biases wherever <paramref name="mask"/> keeps, whatever the actions wrote
    /// there; pruned weights stay as they are. The streams <c>reinit/level-L/NAME</c>, of draw D > 0
    /// <c>reinit/level-L/draw-D/NAME</c>.
    /// </summary>
    public static void Reinitialize(Weights start, Mask mask, ulong seed, int level, int draw = 0)
    {
        Weights fresh = InitialWeights.Resample(mask.Network, seed, RandomStream.OfDraw($"reinit/level-{level}", draw));
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; i < start[p].Length; i++)
                if (mask[p] is not { } kept || kept[i]) start[p][i] = fresh[p][i];
    }
}
