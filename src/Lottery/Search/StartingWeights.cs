using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>The third of the paper's four steps: what the weights become before the kept ones are trained again.</summary>
public static class StartingWeights
{
    /// <summary>True where the seed and the mask alone give them, so that nobody needs to keep them.</summary>
    public static bool FollowFromSeed(RunSpecification run) =>
        run.Start is not { } how || (LookAt(run) is null && (how.RewindTo == 0 || IsFreshAndZero(run)));

    /// <summary>
    /// The run whose end decides where pruned weights are frozen: the parent; for a random mask, whose places no level
    /// chose, the run at the root. Null where the mask-0 action does not look back.
    /// </summary>
    public static RunSpecification? LookAt(RunSpecification run) => !run.IsPruned || !Mask0.Get(run.Prune.Mask0).NeedsFinal
        ? null
        : run.Control == Control.RandomMask ? run.Root : run.Parent;

    /// <summary>The weights at a run's first step, from its seed.</summary>
    /// <param name="run">A run for which <see cref="FollowFromSeed"/>.</param>
    /// <param name="mask">Its mask.</param>
    public static Weights Of(RunSpecification run, Mask mask) =>
        Of(run, mask, InitialWeights.Draw(run.Network, run.Seed), before: null);

    /// <summary>The weights at a run's first step, rewound to <paramref name="dense"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mask">Its mask.</param>
    /// <param name="dense">The weights of the dense run at the step that is rewound to.</param>
    /// <param name="before">The end of the run to <see cref="LookAt"/>, if any.</param>
    public static Weights Of(RunSpecification run, Mask mask, Weights dense, TrainedLevel? before)
    {
        if (run.Start is not { } how)
            return run.Supermask?.Weights == SupermaskWeights.SignedConstant ? Constants(dense, run.Seed) : dense;
        Weights start = LevelStart.Weights(
            mask, dense, before, Mask1.Get(how.Mask1), Mask0.Get(how.Mask0), run.Seed, run.Level);
        if (run.Control == Control.Reinit) Refresh(start, mask, run);
        return start;
    }

    private static Weights Constants(Weights dense, ulong seed) => LevelStart.Weights(
        Mask.Full(dense.Network), dense, before: null, Mask1.ConstantSameSign, Mask0.Zero, seed, level: 0);

    private static bool IsFreshAndZero(RunSpecification run) =>
        run.Control == Control.Reinit && Mask0.Get(run.Start!.Mask0).IsZero;

    // The control has fresh weights and biases where the ticket trains, whatever the actions gave it there.
    private static void Refresh(Weights start, Mask mask, RunSpecification run)
    {
        Weights fresh = InitialWeights.Redraw(run.Network, run.Seed, $"reinit/level-{run.Level}");
        for (int p = 0; p < run.Network.Parameters.Length; p++)
            for (int i = 0; i < start[p].Length; i++)
                if (mask[p] is not { } kept || kept[i]) start[p][i] = fresh[p][i];
    }
}
