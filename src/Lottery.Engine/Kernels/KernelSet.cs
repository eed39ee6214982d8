using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// Every kernel, in one version: the plain loops, or the fast bodies at one vector width. All find the same bits. The
/// public face takes spans and checks that they are long enough; from there on, kernels work on addresses.
/// </summary>
internal abstract partial class KernelSet(string name)
{
    /// <summary><c>reference</c>, <c>vector128</c>, <c>vector256</c> or <c>vector512</c>.</summary>
    public string Name { get; } = name;

    /// <summary>A kernel writes where it is told: a span too short would be memory overwritten, so this check stays in Release.</summary>
    [StackTraceHidden]
    private static void Require(bool condition, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new ArgumentException($"A kernel was called with shapes that do not fit: {expression}.");
    }
}
