namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.MagnitudeIncrease"/>
public sealed record MagnitudeIncrease() : WeightCriterion("magnitude-increase")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Abs(final) - Math.Abs(initial);
}
