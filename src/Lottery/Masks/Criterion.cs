using System.Collections.Immutable;

namespace Lottery.Masks;

/// <summary>The score by which weights are kept: the largest stay (Zhou et al. 2019, section 2).</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Criterion(string Name)
{
    /// <summary>|w_f|: the weights that end far from zero (Frankle &amp; Carbin 2019).</summary>
    public static Criterion LargeFinal { get; } = new LargeFinal();

    /// <summary>0 everywhere, so that the seeded draw of ties decides.</summary>
    public static Criterion Random { get; } = new Random();

    /// <summary>Every criterion, in the order in which they are listed.</summary>
    public static ImmutableArray<Criterion> All { get; } = [LargeFinal, Random];

    /// <summary>The criterion called <paramref name="name"/>.</summary>
    /// <exception cref="UserException">No criterion is called that.</exception>
    public static Criterion Get(string name) => Registry.Get("criterion", name, All, criterion => criterion.Name);

    /// <summary>The score of one weight.</summary>
    /// <param name="initial">What the level started from.</param>
    /// <param name="final">Where it ended.</param>
    public abstract double Score(double initial, double final);

    /// <summary>
    /// The scores of the kept weights of one parameter, all arrays <c>[kept]</c>; for a criterion that compares a weight
    /// with its layer to override.
    /// </summary>
    public virtual void Score(ReadOnlySpan<float> initial, ReadOnlySpan<float> final, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++) scores[i] = Score(initial[i], final[i]);
    }
}
