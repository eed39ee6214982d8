using System.Collections.Immutable;
using Lottery.Masks.Expressions;

namespace Lottery.Masks;

/// <summary>The score by which weights are kept: the largest stay (Zhou et al. 2019, section 2).</summary>
/// <param name="Name">Its name in specifications and on the command line; an expression is its own name.</param>
public abstract record Criterion(string Name)
{
    /// <summary>|w_f|: the weights that end far from zero (Frankle &amp; Carbin 2019).</summary>
    public static Criterion LargeFinal { get; } = new LargeFinal();

    /// <summary>−|w_f|: the weights that end near zero.</summary>
    public static Criterion SmallFinal { get; } = new SmallFinal();

    /// <summary>|w_i|: the weights that start far from zero.</summary>
    public static Criterion LargeInit { get; } = new LargeInit();

    /// <summary>−|w_i|: the weights that start near zero.</summary>
    public static Criterion SmallInit { get; } = new SmallInit();

    /// <inheritdoc cref="Masks.LargeInitLargeFinal"/>
    public static Criterion LargeInitLargeFinal { get; } = new LargeInitLargeFinal();

    /// <inheritdoc cref="Masks.SmallInitSmallFinal"/>
    public static Criterion SmallInitSmallFinal { get; } = new SmallInitSmallFinal();

    /// <summary>|w_f| − |w_i|: the weights that move away from zero.</summary>
    public static Criterion MagnitudeIncrease { get; } = new MagnitudeIncrease();

    /// <summary>|w_f − w_i|: the weights that move far.</summary>
    public static Criterion Movement { get; } = new Movement();

    /// <summary>0 everywhere, so that the seeded draw of ties decides.</summary>
    public static Criterion Random { get; } = new Random();

    /// <summary>max(0, sign(w_i) × w_f): |w_f| where the weight ends on the side where it started, 0 elsewhere.</summary>
    public static Criterion LargeFinalSameSign { get; } = new LargeFinalSameSign();

    /// <summary>max(0, −sign(w_i) × w_f): |w_f| where the weight crosses zero, 0 elsewhere.</summary>
    public static Criterion LargeFinalDiffSign { get; } = new LargeFinalDiffSign();

    /// <summary>|w_f| − |w_i| where the weight ends on the side of zero where it started, −∞ elsewhere.</summary>
    public static Criterion MagnitudeIncreaseSameSign { get; } = new MagnitudeIncreaseSameSign();

    /// <summary>|w_f| − |w_i| where the weight crosses zero, −∞ elsewhere.</summary>
    public static Criterion MagnitudeIncreaseDiffSign { get; } = new MagnitudeIncreaseDiffSign();

    /// <summary>Every criterion that has a name, in the order in which they are listed.</summary>
    public static ImmutableArray<Criterion> All { get; } =
    [
        LargeFinal, SmallFinal, LargeInit, SmallInit, LargeInitLargeFinal, SmallInitSmallFinal, MagnitudeIncrease,
        Movement, Random, LargeFinalSameSign, LargeFinalDiffSign, MagnitudeIncreaseSameSign, MagnitudeIncreaseDiffSign,
    ];

    /// <summary>
    /// The criterion called <paramref name="text"/>; with a number where it takes one, as in
    /// <c>large-init-large-final(0.5)</c>; or one's own, written as an expression, as in <c>abs(wf) - 0.5*abs(wi)</c>.
    /// </summary>
    /// <remarks>
    /// Names hold dashes, and so do differences: words joined by dashes are a name unless an expression knows every one.
    /// </remarks>
    /// <exception cref="UserException">No criterion is called that, or the expression is wrong (at which column).</exception>
    public static Criterion Get(string text) =>
        Registry.Find("criterion", text, All, criterion => criterion.Name, (criterion, alpha) => criterion.With(alpha))
        ?? (Spelling.IsExpression(text, Names) ? new ExpressionCriterion(text)
            : throw Registry.Unknown("criterion", text, Names, ", or an expression such as 'abs(wf) - 0.5*abs(wi)'"));

    /// <summary>True where it looks at w_i; one that does not can score a network whose initial weights nobody knows.</summary>
    public virtual bool NeedsInitial => true;

    /// <summary>The scores of the kept weights of one parameter; one that is not a number stops the search.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="scores"><c>[kept]</c>; the largest stay.</param>
    public abstract void Score(in KeptWeights weights, Span<double> scores);

    /// <summary>This criterion with its number; null where it takes none.</summary>
    internal virtual Criterion? With(double alpha) => null;

    private static IEnumerable<string> Names => All.Select(criterion => criterion.Name);
}
