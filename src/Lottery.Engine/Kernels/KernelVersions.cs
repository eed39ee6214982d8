using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Kernels;

/// <summary>
/// A version for each family of kernels, part of every run's identity: raised whenever a family's results change in any
/// bit, so that runs of different arithmetic are never taken for one another.
/// </summary>
internal static class KernelVersions
{
    /// <summary>Families that every network uses.</summary>
    private static readonly ImmutableArray<string> s_everywhere = ["dense", "kept-only", "loss", "plan", "update"];

    /// <summary>Family and version, by family.</summary>
    public static ImmutableSortedDictionary<string, int> All { get; } = new Dictionary<string, int>
    {
        ["convolution"] = 2,
        ["dense"] = 1,
        ["dropout"] = 1,
        ["kept-only"] = 1,
        ["loss"] = 1,
        ["normalization"] = 1,
        ["image"] = 1,
        ["plan"] = 2,
        ["supermask"] = 1,
        ["update"] = 1,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The families that a network uses, and their versions, by family.</summary>
    public static ImmutableSortedDictionary<string, int> Of(Network network)
    {
        var families = network.AllLayers.Select(layer => layer.KernelFamily).OfType<string>().Concat(s_everywhere).ToHashSet();
        return All.Where(family => families.Contains(family.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
