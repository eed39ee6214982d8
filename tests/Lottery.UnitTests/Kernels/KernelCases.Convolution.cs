using CsCheck;
using Lottery.Kernels.Convolution;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Convolutions => new()
    {
        [nameof(ConvolutionPacking)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, s_seed,
            (shape, transposed, seed) => (KernelCase)new ConvolutionPackingCase(shape, transposed, seed)),
        [nameof(ConvolutionForward)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, Gen.Bool, s_seed,
            (shape, bias, relu, seed) => (KernelCase)new ConvolutionForwardCase(shape, bias, relu, seed)),
        [nameof(ConvolutionInputGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Bool, s_seed,
            (shape, mask, seed) => (KernelCase)new ConvolutionInputGradientCase(shape, mask, seed)),
        [nameof(ConvolutionWeightGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[1, 3], s_seed,
            (shape, tiles, from, count, seed) => (KernelCase)new ConvolutionWeightGradientCase(shape, tiles, from, count, seed)),
        [nameof(ConvolutionBiasGradient)] = Gen.Select(ConvolutionShapes.All, Gen.Int[1, 2], s_seed,
            (shape, tiles, seed) => (KernelCase)new ConvolutionBiasGradientCase(shape, tiles, seed)),
    };
}
