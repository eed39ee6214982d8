using System.Collections.Immutable;

namespace Lottery.Masks.Expressions;

/// <summary>The names that expressions can use.</summary>
internal static class Vocabulary
{
    /// <summary>The variables.</summary>
    public static ImmutableArray<(string Name, Func<Operands, double> Read)> Variables { get; } =
    [
        ("wi", at => at.Initial),
        ("wf", at => at.Final),
        ("std", at => at.StandardDeviation),
        ("n", at => at.Count),
    ];

    /// <summary>All names: variables, then functions.</summary>
    public static ImmutableArray<string> Words { get; } =
        [.. Variables.Select(variable => variable.Name), .. ExpressionOperation.Functions.Select(function => function.Name)];
}
