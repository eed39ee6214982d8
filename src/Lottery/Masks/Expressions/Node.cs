using System.Collections.Immutable;

namespace Lottery.Masks.Expressions;

/// <summary>What an expression may name: a weight, and what its layer has in common.</summary>
/// <param name="Initial">wi.</param>
/// <param name="Final">wf.</param>
/// <param name="Deviation">std.</param>
/// <param name="Count">n.</param>
internal readonly record struct Operands(double Initial, double Final, double Deviation, double Count);

/// <summary>A part of an expression.</summary>
internal abstract class Node
{
    /// <summary>Its value; always finite.</summary>
    /// <exception cref="ExpressionFault">It has none.</exception>
    public abstract double Value(in Operands at);
}

/// <summary>A number.</summary>
internal sealed class Number(double value) : Node
{
    public override double Value(in Operands at) => value;
}

/// <summary>A name.</summary>
internal sealed class Variable(Func<Operands, double> read) : Node
{
    public override double Value(in Operands at) => read(at);
}

/// <summary>An operator or a function on its values.</summary>
/// <param name="column">Where it stands, from 1.</param>
/// <param name="operation">What it does.</param>
/// <param name="arguments">As many as it takes: one or two.</param>
internal sealed class Application(int column, Operation operation, ImmutableArray<Node> arguments) : Node
{
    public override double Value(in Operands at)
    {
        double first = arguments[0].Value(at), second = arguments.Length > 1 ? arguments[1].Value(at) : 0.0;
        if (operation.Fault(first, second) is { } fault) throw new ExpressionFault(column, fault);
        double value = operation.Apply(first, second);
        return double.IsFinite(value) ? value : throw new ExpressionFault(column, "gives too large a number");
    }
}

/// <summary>An expression without a value for some weight.</summary>
/// <param name="column">Where the fault lies, from 1.</param>
/// <param name="message">What it does there, for example <c>divides by zero</c>.</param>
internal sealed class ExpressionFault(int column, string message) : Exception(message)
{
    /// <summary>Where the fault lies, from 1.</summary>
    public int Column { get; } = column;
}
