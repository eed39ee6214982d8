using System.Collections.Immutable;

namespace Lottery.Masks.Expressions;

/// <summary>The words that expressions know.</summary>
internal static class Vocabulary
{
    /// <summary>Names of values.</summary>
    public static ImmutableArray<(string Name, Func<Operands, double> Read)> Variables { get; } =
    [
        ("wi", at => at.Initial),
        ("wf", at => at.Final),
        ("std", at => at.Deviation),
        ("n", at => at.Count),
    ];

    /// <summary>All words: values, then functions.</summary>
    public static ImmutableArray<string> Words { get; } =
        [.. Variables.Select(variable => variable.Name), .. Operation.Functions.Select(function => function.Name)];
}
