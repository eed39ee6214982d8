using CsCheck;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> SparseConvolutions => new()
    {
        [nameof(SparseConvolutionForward)] = Gen.Select(SparseConvolutionShape.Gen, Gen.Bool, Gen.Bool,
            (shape, bias, relu) => (KernelCase)new SparseConvolutionForwardCase(shape, bias, relu)),
        [nameof(SparseConvolutionInputGradient)] = Gen.Select(SparseConvolutionShape.Gen, Gen.Bool,
            (shape, mask) => (KernelCase)new SparseConvolutionInputGradientCase(shape, mask)),
        [nameof(SparseConvolutionWeightGradient)] = Gen.Select(SparseConvolutionShape.Gen, Gen.Int[1, 3], Gen.Bool,
            (shape, shares, add) => (KernelCase)new SparseConvolutionWeightGradientCase(shape, shares, add)),
        [nameof(PooledConvolutionForward)] = Gen.Select(PooledShapes.Gen, Gen.Bool, Gen.Bool,
            (shape, bias, relu) => (KernelCase)new PooledConvolutionForwardCase(shape, bias, relu)),
        [nameof(PooledConvolutionBackward)] = Gen.Select(PooledShapes.Gen, Gen.Bool, Gen.Int[0, 4],
            (shape, mask, wanted) => (KernelCase)new PooledConvolutionBackwardCase(shape, mask, wanted > 0)),
        [nameof(PooledConvolutionBiasGradient)] = PooledShapes.Gen.Select(shape => (KernelCase)new PooledConvolutionBiasGradientCase(shape)),
    };
}
