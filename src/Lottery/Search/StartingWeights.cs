using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Search;

/// <summary>The third of the paper's four steps: what the kept weights become before they are trained again.</summary>
public static class StartingWeights
{
    /// <summary>True where the seed alone gives them, so that nobody needs to keep them.</summary>
    public static bool FollowFromSeed(RunSpecification run) =>
        run.Prune is not { RewindTo: > 0 } || run.Control == Control.Reinit;

    /// <summary>The weights at a run's first step, from its seed.</summary>
    /// <param name="run">A run for which <see cref="FollowFromSeed"/>.</param>
    /// <param name="mask">Its mask.</param>
    public static Weights Of(RunSpecification run, Mask mask) => Of(run, mask, InitialWeights.Draw(run.Network, run.Seed));

    /// <summary>The weights at a run's first step, rewound to <paramref name="dense"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mask">Its mask.</param>
    /// <param name="dense">The weights of the dense run at the step that is rewound to.</param>
    public static Weights Of(RunSpecification run, Mask mask, Weights dense)
    {
        if (!run.IsPruned) return dense;
        Weights kept = run.Control == Control.Reinit
            ? InitialWeights.Redraw(run.Network, run.Seed, $"reinit/level-{run.Level}")
            : dense;
        return LevelStart.Weights(
            mask, kept, kept, Mask1.Get(run.Prune.Mask1), Mask0.Get(run.Prune.Mask0), run.Seed, run.Level);
    }
}
