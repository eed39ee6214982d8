namespace Lottery.Masks;

/// <summary>The score by which weights are kept: the largest stay (Zhou et al. 2019, section 2).</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record Criterion(string Name)
{
    /// <summary>|w_f|: the weights that end far from zero (Frankle &amp; Carbin 2019).</summary>
    public static Criterion LargeFinal { get; } = new LargeFinal();

    /// <summary>0 everywhere, so that the seeded draw of ties decides.</summary>
    public static Criterion Random { get; } = new Random();

    /// <summary>The score of one weight.</summary>
    /// <param name="initial">What the level started from.</param>
    /// <param name="final">Where it ended.</param>
    public abstract double Score(double initial, double final);
}
