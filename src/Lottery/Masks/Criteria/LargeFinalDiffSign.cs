using Lottery.Actions;

namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.LargeFinalDiffSign"/>
public sealed record LargeFinalDiffSign() : WeightCriterion("large-final-diff-sign")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Max(0.0, -Signs.Of(initial) * final);
}
