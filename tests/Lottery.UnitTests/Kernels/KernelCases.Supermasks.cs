using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Supermasks => new()
    {
        [nameof(KernelSet.SampleMask)] =
            Gen.Select(Gen.Int[0, 18], s_seed, (count, seed) => (KernelCase)new SampleMaskCase(16 * count, seed)),
        [nameof(KernelSet.ScoreGradient)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, Gen.Bool, s_seed,
            (count, rescale, itself, seed) => (KernelCase)new ScoreGradientCase(16 * count, rescale, itself, seed)),
        [nameof(KernelSet.Scale)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new ScaleCase(16 * count, seed)),
        [nameof(KernelSet.Dot)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new DotCase(16 * count, seed)),
    };
}
