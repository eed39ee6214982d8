using CsCheck;
using Lottery.Kernels;

namespace Lottery.Tests;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> KeptConvolutions => new()
    {
        [nameof(KernelSet.KeptConvolution)] = Gen.Select(KeptConvolutionShape.Gen, Gen.Bool, Gen.Bool,
            (shape, bias, relu) => (KernelCase)new KeptConvolutionCase(shape, bias, relu)),
        [nameof(KernelSet.KeptConvolutionInputGradient)] = Gen.Select(KeptConvolutionShape.Gen, Gen.Bool,
            (shape, gate) => (KernelCase)new KeptConvolutionInputGradientCase(shape, gate)),
        [nameof(KernelSet.KeptConvolutionWeightGradient)] = Gen.Select(KeptConvolutionShape.Gen, Gen.Int[1, 3], Gen.Bool,
            (shape, shares, add) => (KernelCase)new KeptConvolutionWeightGradientCase(shape, shares, add)),
    };
}
