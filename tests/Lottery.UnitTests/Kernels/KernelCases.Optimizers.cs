using CsCheck;
using Lottery.Kernels.Optimizers;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Optimizers => new()
    {
        [nameof(AdamUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 3], s_seed,
            (count, tiny, step, seed) => (KernelCase)new AdamUpdateCase(16 * count, tiny, step, seed)),
        [nameof(SgdUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Bool, Gen.Bool, s_seed,
            (count, tiny, momentum, decay, seed) => (KernelCase)new SgdUpdateCase(16 * count, tiny, momentum, decay, seed)),
        [nameof(RestoreFrozen)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new RestoreFrozenCase(16 * count, seed)),
    };
}
