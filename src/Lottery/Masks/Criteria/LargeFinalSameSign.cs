using Lottery.Actions;

namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.LargeFinalSameSign"/>
public sealed record LargeFinalSameSign() : WeightCriterion("large-final-same-sign")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Max(0.0, Signs.Of(initial) * final);
}
