using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Masks.Expressions;
using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>
/// A criterion of one's own: an expression in <c>wi</c> and <c>wf</c> (what the level started from and where it ended),
/// <c>std</c> (the nominal deviation of the layer's initial distribution) and <c>n</c> (the layer's kept weights), with
/// numbers, + − × ÷, parentheses, and abs, sign, sqrt, exp, log, min and max; in double precision, the same on every
/// machine.
/// </summary>
public sealed record ExpressionCriterion : Criterion
{
    private readonly Node _root;

    /// <summary>The criterion that <paramref name="text"/> states, and that is called by it.</summary>
    /// <exception cref="UserException">It is no expression; the message tells the column and what is expected.</exception>
    public ExpressionCriterion(string text) : base(text) => _root = Parser.Parse(text);

    /// <inheritdoc/>
    public override bool NeedsInitial => Regex.IsMatch(Name, @"\bwi\b", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    /// <exception cref="UserException">It has no finite value for some weight (exit code 1).</exception>
    public override void Score(in KeptWeights weights, Span<double> scores)
    {
        double deviation = weights.Network.Initial.Deviation(weights.Parameter);
        for (int i = 0; i < scores.Length; i++)
        {
            var at = new Operands(weights.Initial[i], weights.Final[i], deviation, scores.Length);
            bool trained = double.IsFinite(at.Initial) && double.IsFinite(at.Final);
            scores[i] = trained ? Value(at, weights.Parameter) : double.NaN;
        }
    }

    /// <summary>Equal texts are one criterion.</summary>
    public bool Equals(ExpressionCriterion? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private double Value(in Operands at, Parameter parameter)
    {
        try
        {
            return _root.Value(at);
        }
        catch (ExpressionFault fault)
        {
            string weight = string.Create(
                CultureInfo.InvariantCulture, $"{parameter.Name} (wi = {(float)at.Initial}, wf = {(float)at.Final})");
            throw new UserException(
                $"The criterion '{Name}' {fault.Message} at column {fault.Column} for a weight of {weight}: "
                + "write one that has a value for every weight.", exitCode: 1, fault);
        }
    }
}
