namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.Random"/>
public sealed record Random() : WeightCriterion("random")
{
    /// <inheritdoc/>
    public override bool NeedsInitial => false;

    /// <inheritdoc/>
    public override double Score(double initial, double final) => 0.0;
}
