using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// One kernel operation: a struct of its spans and numbers, with the scalar loops that define its result and the vector
/// body. <see cref="KernelSet.Run"/> runs it.
/// </summary>
/// <remarks>
/// A kernel is declared once, in one file, and is found by tests and benchmarks through this interface. Its documentation
/// states the order of accumulation and the shape of every span.
/// </remarks>
internal interface IKernel
{
    /// <summary>
    /// Throws where a span is shorter than the shapes say or where shapes do not fit. Kernels work on addresses, so a span
    /// too short would be memory overwritten: this check stays in Release.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    void Check();

    /// <summary>The scalar loops. Every other version must find the same bits.</summary>
    void Reference();

    /// <summary>The vector body, written once for all vector widths.</summary>
    void Fast<TWide>() where TWide : unmanaged, IWide<TWide>;

    /// <summary>Throws where a condition of <see cref="Check"/> does not hold.</summary>
    [StackTraceHidden]
    protected internal static void Require(bool condition, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition) throw new ArgumentException($"A kernel was called with shapes that do not fit: {expression}.");
    }
}

/// <summary>Runs kernels in a way of its own: tests count multiply-adds or break a kernel on purpose.</summary>
internal interface IKernelRunner
{
    /// <summary>Runs a kernel whose shapes have been checked.</summary>
    void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IKernel, allows ref struct;
}
