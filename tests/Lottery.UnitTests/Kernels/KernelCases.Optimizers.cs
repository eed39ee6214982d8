using CsCheck;
using Lottery.Kernels.Optimizers;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Optimizers => new()
    {
        [nameof(AdamUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 3], Gen.Bool, Gen.Bool, s_seed,
            (count, tiny, step, decay, frozen, seed) => (KernelCase)new AdamUpdateCase(16 * count, tiny, step, decay, frozen, seed)),
        [nameof(SgdUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[0, 2], Gen.Bool, Gen.Bool, s_seed,
            (count, tiny, momentum, decay, frozen, seed) => (KernelCase)new SgdUpdateCase(16 * count, tiny, momentum > 0, momentum > 1, decay, frozen, seed)),
    };
}
