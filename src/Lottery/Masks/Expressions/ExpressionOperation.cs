using System.Collections.Immutable;
using Lottery.Actions;
using Lottery.Numerics;

namespace Lottery.Masks.Expressions;

/// <summary>An operator or a function of an expression.</summary>
/// <param name="Name">Its spelling.</param>
/// <param name="Arity">The number of arguments: 1 or 2.</param>
/// <param name="Apply">The value; the second argument is 0 if the arity is 1.</param>
internal sealed record ExpressionOperation(string Name, int Arity, Func<double, double, double> Apply)
{
    public static ExpressionOperation Negation { get; } = new("-", 1, (a, _) => -a);

    /// <summary>The binary operators.</summary>
    public static ImmutableArray<ExpressionOperation> Operators { get; } =
    [
        new("+", 2, (a, b) => a + b),
        new("-", 2, (a, b) => a - b),
        new("*", 2, (a, b) => a * b),
        new("/", 2, (a, b) => a / b) { Fault = (_, b) => b == 0.0 ? "divides by zero" : null },
    ];

    public static ImmutableArray<ExpressionOperation> Functions { get; } =
    [
        new("abs", 1, (a, _) => Math.Abs(a)),
        new("sign", 1, (a, _) => Signs.Of(a)),
        new("sqrt", 1, (a, _) => Math.Sqrt(a))
        {
            Fault = (a, _) => a < 0.0 ? "takes the square root of a negative number" : null,
        },
        new("exp", 1, (a, _) => ExactMath.Exp(a)),
        new("log", 1, (a, _) => Log(a))
        {
            Fault = (a, _) => a <= 0.0 ? "takes the logarithm of a number that is not above 0" : null,
        },
        new("min", 2, Math.Min),
        new("max", 2, Math.Max),
    ];

    /// <summary>Describes what is wrong with the arguments, as the end of a sentence; null if nothing is.</summary>
    public Func<double, double, string?> Fault { get; init; } = (_, _) => null;

    // ExactMath.Log takes normal numbers; 2⁵⁴ times the smallest is one.
    private static double Log(double x) =>
        double.IsNormal(x) ? ExactMath.Log(x) : ExactMath.Log(x * 18014398509481984.0) - 37.42994775023705;
}
