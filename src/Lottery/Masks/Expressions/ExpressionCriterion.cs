using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Networks;

namespace Lottery.Masks.Expressions;

/// <summary>
/// A criterion written as an expression in <c>wi</c> and <c>wf</c> (a weight's value at the start and at the end of the
/// level), <c>std</c> (the nominal standard deviation of the layer's initial distribution) and <c>n</c> (the number of the
/// layer's kept weights), with numbers, + − × ÷, parentheses, and abs, sign, sqrt, exp, log, min and max. It is evaluated in
/// double precision, with the same bits on every machine.
/// </summary>
internal sealed record ExpressionCriterion : Criterion
{
    private readonly ExpressionNode _root;

    /// <summary>The criterion of an expression; the text is its name.</summary>
    /// <exception cref="UserException">The text is not an expression; the message names the column and what is expected there.</exception>
    public ExpressionCriterion(string text) : base(text) => _root = Parser.Parse(text);

    /// <inheritdoc/>
    public override bool NeedsInitial => Regex.IsMatch(Name, @"\bwi\b", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    /// <exception cref="UserException">The expression has no finite value for some weight (exit code 1).</exception>
    public override void Score(in KeptWeights weights, Span<double> scores)
    {
        double standardDeviation = weights.Network.Initial.StandardDeviation(weights.Parameter);
        for (int i = 0; i < scores.Length; i++)
        {
            var at = new Operands(weights.Initial[i], weights.Final[i], standardDeviation, scores.Length);
            bool trained = double.IsFinite(at.Initial) && double.IsFinite(at.Final);
            scores[i] = trained ? Value(at, weights.Parameter) : double.NaN;
        }
    }

    /// <summary>Two expressions are equal if their texts are.</summary>
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
            throw new WorkFailedException(
                $"The criterion '{Name}' {fault.Message} at column {fault.Column} for a weight of {weight}: "
                + "write an expression that has a value for every weight.", fault);
        }
    }
}
