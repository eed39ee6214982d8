using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Studies.Store;

/// <summary>The initial weights that a run's seed gives: those of the dense network, or the control's own, times the mask.</summary>
/// <remarks>
/// Where a run started from anything else (late rewinding, another mask-0 action) these are not its weights; a store
/// compares before it relies on them.
/// </remarks>
public static class SeededStart
{
    /// <summary>The weights, zero where the mask prunes.</summary>
    public static Weights Of(RunSpecification run, Mask mask)
    {
        Weights weights = run.Control == Control.Reinit
            ? InitialWeights.Redraw(run.Network, run.Seed, FormattableString.Invariant($"reinit/level-{run.Level}"))
            : InitialWeights.Draw(run.Network, run.Seed);
        for (int p = 0; p < run.Network.Parameters.Length; p++)
            if (mask[p] is { } bits)
                for (int i = 0; i < bits.Length; i++)
                    if (!bits[i]) weights[p][i] = 0.0f;
        return weights;
    }
}
