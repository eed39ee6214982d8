using CsCheck;
using Lottery.Kernels.Dense;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Dense => new()
    {
        [nameof(ZeroSkippingProduct)] = Gen.Select(
            Gen.Select(Gen.Int[1, 20], Gen.Int[1, 9], Gen.Int[1, 20], s_gap), s_percent, Gen.Bool, Gen.Bool, s_seed,
            (size, percent, start, add, seed) => (KernelCase)new ZeroSkippingProductCase(
                size.Item1, 16 * size.Item2, 16 * size.Item3, size.Item4, percent, start, add, seed)),
        [nameof(NonzeroBits)] = Gen.Select(Gen.Int[1, 20], Gen.Int[1, 12], s_gap, s_seed,
            (rows, columns, gap, seed) => (KernelCase)new NonzeroBitsCase(rows, 16 * columns, gap, seed)),
    };
}
