using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> KeptOnly => new()
    {
        [nameof(KernelSet.KeptForward)] =
            Gen.Select(KeptShape.Gen, Gen.Bool, (shape, relu) => (KernelCase)new KeptForwardCase(shape, relu)),
        [nameof(KernelSet.KeptInputGradient)] = KeptShape.Gen.Select(shape => (KernelCase)new KeptInputGradientCase(shape)),
        [nameof(KernelSet.KeptWeightGradient)] =
            Gen.Select(KeptShape.Gen, Gen.Bool, (shape, add) => (KernelCase)new KeptWeightGradientCase(shape, add)),
    };
}
