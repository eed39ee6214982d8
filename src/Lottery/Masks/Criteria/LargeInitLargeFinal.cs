namespace Lottery.Masks;

/// <summary>
/// The weights that start and end far from zero: min(rank of |w_f|, rank of |w_i|) ÷ n among the n kept weights of the layer
/// (see <see cref="Sizes.Ranks"/>), or min(α|w_f|, |w_i|) with a number of one's own.
/// </summary>
/// <param name="Alpha">α, above 0; null for ranks, by which both bounds cut alike whatever the layer.</param>
public sealed record LargeInitLargeFinal(double? Alpha = null)
    : Criterion("large-init-large-final" + Registry.Between(Alpha))
{
    /// <inheritdoc/>
    public override void Score(in KeptWeights weights, Span<double> scores)
    {
        (double[] initial, double[] final) = Alpha is { } alpha
            ? (Sizes.Of(weights.Initial, 1.0), Sizes.Of(weights.Final, alpha))
            : (Sizes.Ranks(weights.Initial), Sizes.Ranks(weights.Final));
        for (int i = 0; i < scores.Length; i++) scores[i] = Math.Min(final[i], initial[i]);
    }

    internal override Criterion With(double alpha) => new LargeInitLargeFinal(alpha);
}
