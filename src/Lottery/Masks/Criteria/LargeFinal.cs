namespace Lottery.Masks;

/// <inheritdoc cref="Criterion.LargeFinal"/>
public sealed record LargeFinal() : WeightCriterion("large-final")
{
    /// <inheritdoc/>
    public override bool NeedsInitial => false;

    /// <inheritdoc/>
    public override double Score(double initial, double final) => Math.Abs(final);
}
