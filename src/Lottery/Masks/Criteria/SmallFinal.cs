namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.SmallFinal"/>
public sealed record SmallFinal() : WeightCriterion("small-final")
{
    /// <inheritdoc/>
    public override bool NeedsInitial => false;

    /// <inheritdoc/>
    public override double Score(double initial, double final) => -Math.Abs(final);
}
