using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

/// <summary>Calls of every kernel, by its name; and the one property that every version of it must have.</summary>
internal static partial class KernelCases
{
    private static readonly Gen<int> s_seed = Gen.Int[0, int.MaxValue], s_sixteens = Gen.Int[1, 5].Select(n => 16 * n);
    private static readonly Gen<int> s_gap = Gen.Int[0, 2].Select(n => 16 * n), s_percent = Gen.Int[0, 100];

    /// <summary>A percentage that is sometimes 100.</summary>
    private static readonly Gen<int> s_fraction = Gen.Int[0, 140].Select(percent => Math.Min(percent, 100));

    public static IReadOnlyDictionary<string, Gen<KernelCase>> ByKernel { get; } = new[]
    {
        Supermasks,
        Sparse,
        SparseConvolutions,
        Dense,
        Convolutions,
        Elementwise,
        Optimizers,
        Pooling,
        Images,
        Normalization,
        Prediction,
    }.SelectMany(family => family).ToDictionary();

    /// <summary>Throws, with the smallest case found, where a version of a kernel differs from the reference in any bit.</summary>
    public static void Check(KernelSet set, string kernel, int cases = 200) =>
        ByKernel[kernel].Sample(one => one.Difference(set) is null, iter: cases, print: one => $"{one}: {one.Difference(set)}");
}
