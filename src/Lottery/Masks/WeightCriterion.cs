namespace Lottery.Masks;

/// <summary>A criterion that looks at one weight at a time.</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record WeightCriterion(string Name) : Criterion(Name)
{
    /// <inheritdoc/>
    public sealed override void Score(in KeptWeights weights, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++) scores[i] = Score(weights.Initial[i], weights.Final[i]);
    }

    /// <summary>The score of one weight; not a number where <paramref name="final"/> is none.</summary>
    /// <param name="initial">w_i: what the level started from.</param>
    /// <param name="final">w_f: where it ended.</param>
    public abstract double Score(double initial, double final);
}
