using Lottery.Actions;

namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.MagnitudeIncreaseSameSign"/>
public sealed record MagnitudeIncreaseSameSign() : WeightCriterion("magnitude-increase-same-sign")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final)
    {
        double increase = Math.Abs(final) - Math.Abs(initial);
        return Signs.Of(initial) * final > 0.0 || double.IsNaN(increase) ? increase : double.NegativeInfinity;
    }
}
