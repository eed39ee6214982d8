using Lottery.Actions;

namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.MagnitudeIncreaseDiffSign"/>
public sealed record MagnitudeIncreaseDiffSign() : WeightCriterion("magnitude-increase-diff-sign")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final)
    {
        double increase = Math.Abs(final) - Math.Abs(initial);
        return Signs.Of(initial) * final < 0.0 || double.IsNaN(increase) ? increase : double.NegativeInfinity;
    }
}
