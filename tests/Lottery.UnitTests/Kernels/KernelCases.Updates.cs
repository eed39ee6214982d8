using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Updates => new()
    {
        [nameof(KernelSet.AdamUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 3], s_seed,
            (count, tiny, step, seed) => (KernelCase)new AdamCase(16 * count, tiny, step, seed)),
        [nameof(KernelSet.SgdUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Bool, Gen.Bool, s_seed,
            (count, tiny, momentum, decay, seed) => (KernelCase)new SgdCase(16 * count, tiny, momentum, decay, seed)),
        [nameof(KernelSet.Freeze)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new FreezeCase(16 * count, seed)),
    };
}
