namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.SmallInit"/>
public sealed record SmallInit() : WeightCriterion("small-init")
{
    /// <inheritdoc/>
    public override double Score(double initial, double final) => -Math.Abs(initial);
}
