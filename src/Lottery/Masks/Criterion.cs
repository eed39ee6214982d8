using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Masks.Expressions;
using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>The score by which weights are kept: the largest stay (Zhou et al. 2019, section 2).</summary>
/// <remarks>
/// A score is a number for each kept weight of a layer; what the pruner does with it (counts, ties, scope) is the same for
/// every criterion, and what kept and pruned weights become is a matter of the mask-1 and mask-0 actions.
/// </remarks>
/// <param name="Name">Its name in specifications and on the command line; an expression is its own name.</param>
public abstract record Criterion(string Name)
{
    /// <summary>|w_f|: the weights that end far from zero (Frankle &amp; Carbin 2019).</summary>
    public static Criterion LargeFinal { get; } =
        new NamedCriterion("large-final", (_, final) => Math.Abs(final)) { IgnoresInitial = true };

    /// <summary>−|w_f|: the weights that end near zero.</summary>
    public static Criterion SmallFinal { get; } =
        new NamedCriterion("small-final", (_, final) => -Math.Abs(final)) { IgnoresInitial = true };

    /// <summary>|w_i|: the weights that start far from zero.</summary>
    public static Criterion LargeInit { get; } = new NamedCriterion("large-init", (initial, _) => Math.Abs(initial));

    /// <summary>−|w_i|: the weights that start near zero.</summary>
    public static Criterion SmallInit { get; } = new NamedCriterion("small-init", (initial, _) => -Math.Abs(initial));

    /// <summary>
    /// The weights that start and end far from zero: min(rank of |w_f|, rank of |w_i|) ÷ n among the n kept weights of the
    /// layer, or min(α|w_f|, |w_i|) where a number is given, as in <c>large-init-large-final(0.5)</c>.
    /// </summary>
    public static Criterion LargeInitLargeFinal { get; } = new InitAndFinal(Large: true);

    /// <summary>
    /// The weights that start and end near zero: −max(rank of |w_f|, rank of |w_i|) ÷ n among the n kept weights of the
    /// layer, or −max(α|w_f|, |w_i|) where a number is given.
    /// </summary>
    public static Criterion SmallInitSmallFinal { get; } = new InitAndFinal(Large: false);

    /// <summary>|w_f| − |w_i|: the weights whose magnitude grew.</summary>
    public static Criterion MagnitudeIncrease { get; } = new NamedCriterion("magnitude-increase", Increase);

    /// <summary>|w_f − w_i|: the weights that moved far.</summary>
    public static Criterion Movement { get; } =
        new NamedCriterion("movement", (initial, final) => Math.Abs(final - initial));

    /// <summary>0 for every weight, so that the seeded order of ties decides.</summary>
    public static Criterion Random { get; } = new NamedCriterion("random", (_, _) => 0.0) { IgnoresInitial = true };

    /// <summary>max(0, sign(w_i) × w_f): |w_f| where the sign stayed, 0 elsewhere.</summary>
    public static Criterion LargeFinalSameSign { get; } =
        new NamedCriterion("large-final-same-sign", (initial, final) => Math.Max(0.0, Signs.Of(initial) * final));

    /// <summary>max(0, −sign(w_i) × w_f): |w_f| where the sign changed, 0 elsewhere.</summary>
    public static Criterion LargeFinalDiffSign { get; } =
        new NamedCriterion("large-final-diff-sign", (initial, final) => Math.Max(0.0, -Signs.Of(initial) * final));

    /// <summary>|w_f| − |w_i| where the sign stayed, −∞ elsewhere.</summary>
    public static Criterion MagnitudeIncreaseSameSign { get; } = new NamedCriterion("magnitude-increase-same-sign",
        (initial, final) => IncreaseWhere(Signs.Of(initial) * final > 0.0, initial, final));

    /// <summary>|w_f| − |w_i| where the sign changed, −∞ elsewhere.</summary>
    public static Criterion MagnitudeIncreaseDiffSign { get; } = new NamedCriterion("magnitude-increase-diff-sign",
        (initial, final) => IncreaseWhere(Signs.Of(initial) * final < 0.0, initial, final));

    /// <summary>Every criterion that has a name, in the order in which they are listed.</summary>
    public static ImmutableArray<Criterion> All { get; } =
    [
        LargeFinal, SmallFinal, LargeInit, SmallInit, LargeInitLargeFinal, SmallInitSmallFinal, MagnitudeIncrease,
        Movement, Random, LargeFinalSameSign, LargeFinalDiffSign, MagnitudeIncreaseSameSign, MagnitudeIncreaseDiffSign,
    ];

    /// <summary>
    /// The criterion called <paramref name="text"/>; with a number where it takes one, as in
    /// <c>large-init-large-final(0.5)</c>; or an expression, as in <c>abs(wf) - 0.5*abs(wi)</c>.
    /// </summary>
    /// <remarks>
    /// Names hold dashes, and so do differences: words joined by dashes are a name unless an expression knows every one.
    /// </remarks>
    /// <exception cref="UserException">No criterion has that name, or the expression is wrong (at which column).</exception>
    public static Criterion Get(string text) =>
        Registry.Find("criterion", text, All, criterion => criterion.Name, (criterion, alpha) => criterion.With(alpha))
        ?? (Spelling.IsExpression(text, Names) ? new ExpressionCriterion(text)
            : throw Registry.Unknown("criterion", text, Names, ", or an expression such as 'abs(wf) - 0.5*abs(wi)'"));

    /// <summary>True if the score depends on w_i; a criterion that does not can score a network whose initial weights are unknown.</summary>
    public virtual bool NeedsInitial => true;

    /// <summary>Scores the kept weights of one parameter. A score that is not a number stops the search.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="scores"><c>[kept]</c>; the largest stay.</param>
    public abstract void Score(in KeptWeights weights, Span<double> scores);

    /// <summary>This criterion with its number; null where it takes none.</summary>
    internal virtual Criterion? With(double alpha) => null;

    private static IEnumerable<string> Names => All.Select(criterion => criterion.Name);

    private static double Increase(double initial, double final) => Math.Abs(final) - Math.Abs(initial);

    // A diverged weight stays visible: it is not a number rather than −∞.
    private static double IncreaseWhere(bool holds, double initial, double final)
    {
        double increase = Increase(initial, final);
        return holds || double.IsNaN(increase) ? increase : double.NegativeInfinity;
    }
}

/// <summary>A criterion that scores one weight at a time; derive from it to write a criterion of your own.</summary>
/// <param name="Name">Its name in specifications and on the command line.</param>
public abstract record WeightCriterion(string Name) : Criterion(Name)
{
    /// <inheritdoc/>
    public sealed override void Score(in KeptWeights weights, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++) scores[i] = Score(weights.Initial[i], weights.Final[i]);
    }

    /// <summary>The score of one weight; NaN if <paramref name="final"/> is NaN.</summary>
    /// <param name="initial">w_i: the value that the level started from.</param>
    /// <param name="final">w_f: the value at which the level ended.</param>
    public abstract double Score(double initial, double final);
}

/// <summary>The kept weights of one prunable parameter at the end of a level: the input of a criterion.</summary>
public readonly ref struct KeptWeights
{
    /// <summary>The network, with the distribution of its initial weights.</summary>
    public required Network Network { get; init; }

    /// <summary>The parameter.</summary>
    public required Parameter Parameter { get; init; }

    /// <summary>w_i: the values that the level started from; <c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Initial { get; init; }

    /// <summary>w_f: the values at which the level ended; <c>[kept]</c>.</summary>
    public required ReadOnlySpan<float> Final { get; init; }
}
