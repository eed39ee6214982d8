using Lottery.Actions;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Tickets;

namespace Lottery.Search;

/// <summary>A run's weights at its first step: the third of the paper's four steps (Frankle &amp; Carbin 2019, section 1).</summary>
internal static class StartingWeights
{
    /// <summary>True where the seed and the mask determine them, so that they need not be stored.</summary>
    public static bool FollowFromSeed(RunSpecification run)
    {
        bool areOfSeed = run.Transfer != TransferredWeights.Ticket && run.Start is not { Initial: not null } and not { Pretrained: not null };
        return run.Actions is not { } actions ? areOfSeed
            : DependOn(run) is null && ((actions.RewindTo == 0 && areOfSeed) || IsFreshAndZero(run));
    }

    /// <summary>
    /// The run whose final weights the actions use: the parent; for a random mask, whose positions no level chose, the root. Null
    /// where they use none.
    /// </summary>
    public static RunSpecification? DependOn(RunSpecification run) =>
        !run.IsPruned || !(Mask0.Get(run.Actions.Mask0).NeedsFinal || Mask1Of(run).NeedsFinal) ? null
        : run.Control == Control.RandomMask ? run.Root : run.Parent;

    /// <summary>False where no weight is one of the dense run's, so that its step rewound to need not be known.</summary>
    public static bool NeedDense(RunSpecification run) => run.Actions is not { } actions || !Mask1Of(run).Continues || !Mask0.Get(actions.Mask0).IsZero;

    /// <summary>
    /// What kept weights become: the search's action, but those of controls with other weights are rewound first, and those of a
    /// pretrained level 0, which no level comes before, are the pretrained ones.
    /// </summary>
    private static Mask1 Mask1Of(RunSpecification run) =>
        run.Control is Control.Reinit or Control.Rewind || run is { IsPretrained: true } ? Mask1.Rewind : Mask1.Get(run.Actions!.Mask1);

    /// <summary>How a run's weights come from its seed; null where they do not, that is without <see cref="FollowFromSeed"/>.</summary>
    /// <remarks>Of a learned supermask it gives what the thresholded mask predicts with, rescaled where it was learned so.</remarks>
    public static Recipe? RecipeOf(RunSpecification run) => !FollowFromSeed(run) ? null : new()
    {
        Seed = run.Seed, Level = run.Level, Fresh = run.Control == Control.Reinit, Draw = run.Control == Control.Reinit ? run.Draw : 0,
        Rescale = run.Supermask?.Rescale ?? false,
        Mask1 = (run.Actions is not null ? Mask1Of(run)
            : run.Supermask?.Weights == SupermaskWeights.SignedConstant ? Mask1.ConstantSameSign : Mask1.Rewind).Name,
        Mask0 = run.Actions?.Mask0 ?? Mask0.Zero.Name,
    };

    /// <summary>The weights at a run's first step, from its seed.</summary>
    /// <param name="run">A run for which <see cref="FollowFromSeed"/>.</param>
    /// <param name="mask">Its mask; a learned supermask begins with all weights, whatever it is.</param>
    public static Weights Of(RunSpecification run, Mask mask)
    {
        if (run.Actions is null) mask = Mask.Full(run.Network);
        return (RecipeOf(run)! with { Rescale = false }).Weights(mask);
    }

    /// <summary>The weights at a run's first step, rewound to <paramref name="dense"/>; those themselves at a dense one's.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mask">Its mask.</param>
    /// <param name="dense">The weights of the dense run at the step that is rewound to, or those that the search began with.</param>
    /// <param name="before">The end of the run that they <see cref="DependOn"/>, if any.</param>
    public static Weights Of(RunSpecification run, Mask mask, Weights dense, TrainedLevel? before)
    {
        if (run.Actions is not { } actions) return dense;
        Weights start = MaskActions.Apply(
            mask, dense, before, Mask1Of(run), Mask0.Get(actions.Mask0), run.Seed, run.Level);
        if (run.Control == Control.Reinit) MaskActions.Reinitialize(start, mask, run.Seed, run.Level, run.Draw);
        return start;
    }

    private static bool IsFreshAndZero(RunSpecification run) =>
        run.Control == Control.Reinit && Mask0.Get(run.Actions!.Mask0).IsZero;
}
