using System.Collections.Immutable;

namespace Lottery.Masks.Expressions;

/// <summary>The values that an expression can refer to.</summary>
/// <param name="Initial"><c>wi</c>: the initial weight.</param>
/// <param name="Final"><c>wf</c>: the final weight.</param>
/// <param name="StandardDeviation"><c>std</c>: the nominal standard deviation of the layer's initial distribution.</param>
/// <param name="Count"><c>n</c>: the number of the layer's kept weights.</param>
internal readonly record struct Operands(double Initial, double Final, double StandardDeviation, double Count);

/// <summary>A node of the syntax tree.</summary>
internal abstract class ExpressionNode
{
    /// <summary>Evaluates the node; the value is always finite.</summary>
    /// <exception cref="ExpressionFault">The value is not finite, or not defined.</exception>
    public abstract double Value(in Operands at);
}

/// <summary>A literal.</summary>
internal sealed class Number(double value) : ExpressionNode
{
    public override double Value(in Operands at) => value;
}

/// <summary>A variable, such as <c>wf</c>.</summary>
internal sealed class Variable(Func<Operands, double> read) : ExpressionNode
{
    public override double Value(in Operands at) => read(at);
}

/// <summary>An operator or function applied to its arguments.</summary>
/// <param name="column">The column of the operator or function name, from 1.</param>
/// <param name="operation">The operator or function.</param>
/// <param name="arguments">One or two arguments.</param>
internal sealed class Application(int column, ExpressionOperation operation, ImmutableArray<ExpressionNode> arguments) : ExpressionNode
{
    public override double Value(in Operands at)
    {
        double first = arguments[0].Value(at), second = arguments.Length > 1 ? arguments[1].Value(at) : 0.0;
        if (operation.Fault(first, second) is { } fault) throw new ExpressionFault(column, fault);
        double value = operation.Apply(first, second);
        return double.IsFinite(value) ? value : throw new ExpressionFault(column, "gives a number that is too large");
    }
}

/// <summary>An expression has no value for some weight.</summary>
/// <param name="column">The column of the operation that failed, from 1.</param>
/// <param name="message">What failed, as the end of a sentence, for example <c>divides by zero</c>.</param>
internal sealed class ExpressionFault(int column, string message) : Exception(message)
{
    /// <summary>The column of the operation that failed, from 1.</summary>
    public int Column { get; } = column;
}
