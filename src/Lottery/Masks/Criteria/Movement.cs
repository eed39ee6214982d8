namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.Movement"/>
public sealed record Movement() : WeightCriterion("movement")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Abs(final - initial);
}
