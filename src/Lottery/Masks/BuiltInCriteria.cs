namespace Lottery.Masks;

/// <summary>A criterion stated by its formula. Equal names are one criterion.</summary>
internal sealed record NamedCriterion(string Name, Func<double, double, double> Formula) : WeightCriterion(Name)
{
    /// <summary>True if the formula does not use w_i.</summary>
    public bool IgnoresInitial { get; init; }

    public override bool NeedsInitial => !IgnoresInitial;

    public override double Score(double initial, double final) => Formula(initial, final);

    public bool Equals(NamedCriterion? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>
/// <c>large-init-large-final</c> and <c>small-init-small-final</c>. The balanced form takes ranks instead of magnitudes, so
/// that both bounds cut alike in every layer.
/// </summary>
/// <param name="Large">True for the weights that start and end far from zero, false for those near it.</param>
/// <param name="Alpha">α, above 0; null for ranks.</param>
internal sealed record InitAndFinal(bool Large, double? Alpha = null)
    : Criterion((Large ? "large-init-large-final" : "small-init-small-final") + Registry.Between(Alpha))
{
    public override void Score(in KeptWeights weights, Span<double> scores)
    {
        (double[] initial, double[] final) = Alpha is { } alpha
            ? (Magnitudes.Of(weights.Initial, 1.0), Magnitudes.Of(weights.Final, alpha))
            : (Magnitudes.Ranks(weights.Initial), Magnitudes.Ranks(weights.Final));
        for (int i = 0; i < scores.Length; i++)
            scores[i] = Large ? Math.Min(final[i], initial[i]) : -Math.Max(final[i], initial[i]);
    }

    internal override Criterion With(double alpha) => new InitAndFinal(Large, alpha);
}

/// <summary>Absolute values of weights, and their ranks.</summary>
internal static class Magnitudes
{
    /// <summary>|w| × <paramref name="factor"/>; <c>[n]</c>.</summary>
    internal static double[] Of(ReadOnlySpan<float> weights, double factor)
    {
        var magnitudes = new double[weights.Length];
        for (int i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs((double)weights[i]) * factor;
        return magnitudes;
    }

    /// <summary>
    /// For each weight (1 + the number of weights that are nearer to zero) ÷ n: above 0, at most 1, so that ranks in layers
    /// of different sizes compare. Equal magnitudes have equal ranks; NaN stays NaN.
    /// </summary>
    internal static double[] Ranks(ReadOnlySpan<float> weights)
    {
        double[] magnitudes = Of(weights, 1.0), ranks = new double[magnitudes.Length];
        int[] order = [.. Enumerable.Range(0, magnitudes.Length)];
        Array.Sort(magnitudes, order);
        for (int i = 0, first = 0; i < magnitudes.Length; i++)
        {
            if (magnitudes[i] != magnitudes[first]) first = i;
            ranks[order[i]] = double.IsNaN(magnitudes[i]) ? double.NaN : (first + 1.0) / magnitudes.Length;
        }
        return ranks;
    }
}
