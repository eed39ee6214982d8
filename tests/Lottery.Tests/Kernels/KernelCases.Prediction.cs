using CsCheck;
using Lottery.Kernels;

namespace Lottery.Tests;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Prediction => new()
    {
        [nameof(KernelSet.Interleave)] = Gen.Select(Gen.Int[1, 90], Gen.Int[1, 80], s_gap, s_percent, s_seed,
            (features, count, extra, used, seed) => (KernelCase)new InterleaveCase(features, count, extra, used, seed)),
    };
}
