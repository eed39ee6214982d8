namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.LargeInit"/>
public sealed record LargeInit() : WeightCriterion("large-init")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Abs(initial);
}
