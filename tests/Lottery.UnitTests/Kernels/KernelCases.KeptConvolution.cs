using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

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
        [nameof(KernelSet.PooledConvolution)] = Gen.Select(PooledShapes.Gen, Gen.Bool, Gen.Bool,
            (shape, bias, relu) => (KernelCase)new PooledConvolutionCase(shape, bias, relu)),
        [nameof(KernelSet.PooledConvolutionGradient)] = Gen.Select(PooledShapes.Gen, Gen.Bool, Gen.Int[0, 4],
            (shape, gate, wanted) => (KernelCase)new PooledConvolutionGradientCase(shape, gate, wanted > 0)),
        [nameof(KernelSet.PooledBiasGradient)] = PooledShapes.Gen.Select(shape => (KernelCase)new PooledBiasGradientCase(shape)),
    };
}
