using CsCheck;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Supermasks;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Supermasks => new()
    {
        [nameof(SampleMask)] =
            Gen.Select(Gen.Int[0, 18], s_seed, (count, seed) => (KernelCase)new SampleMaskCase(16 * count, seed)),
        [nameof(ScoreGradient)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, Gen.Bool, s_seed,
            (count, rescale, itself, seed) => (KernelCase)new ScoreGradientCase(16 * count, rescale, itself, seed)),
        [nameof(ScaleValues)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new ScaleValuesCase(16 * count, seed)),
        [nameof(DotProduct)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new DotProductCase(16 * count, seed)),
    };
}
