using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> DenseConvolution => new()
    {
        [nameof(KernelSet.DenseConvolutionPack)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, s_seed,
            (shape, transposed, seed) => (KernelCase)new DensePackCase(shape, transposed, seed)),
        [nameof(KernelSet.DenseConvolutionForward)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, Gen.Bool, s_seed,
            (shape, bias, relu, seed) => (KernelCase)new DenseConvolutionForwardCase(shape, bias, relu, seed)),
        [nameof(KernelSet.DenseConvolutionInputGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, s_seed,
            (shape, gate, seed) => (KernelCase)new DenseConvolutionInputGradientCase(shape, gate, seed)),
        [nameof(KernelSet.DenseConvolutionWeightGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[1, 3], s_seed,
            (shape, tiles, from, count, seed) => (KernelCase)new DenseConvolutionWeightGradientCase(shape, tiles, from, count, seed)),
        [nameof(KernelSet.ConvolutionBiasGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Int[1, 2], s_seed,
            (shape, tiles, seed) => (KernelCase)new ConvolutionBiasGradientCase(shape, tiles, seed)),
    };
}
