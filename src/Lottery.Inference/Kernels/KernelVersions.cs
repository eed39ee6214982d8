using System.Collections.Immutable;

namespace Lottery.Kernels;

/// <summary>
/// A version for each family of kernels, part of every run's identity: raised whenever a family's results change in any
/// bit, so that runs of different arithmetic are never taken for one another.
/// </summary>
public static class KernelVersions
{
    /// <summary>Family and version, by family.</summary>
    public static ImmutableSortedDictionary<string, int> All { get; } = new Dictionary<string, int>
    {
        ["dense"] = 1,
        ["kept-only"] = 1,
        ["loss"] = 1,
        ["normalization"] = 1,
        ["picture"] = 1,
        ["plan"] = 1,
        ["update"] = 1,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
