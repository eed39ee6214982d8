using CsCheck;
using Lottery.Kernels.Sparse;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Sparse => new()
    {
        [nameof(SparseForward)] =
            Gen.Select(SparseShape.Gen, Gen.Bool, (shape, relu) => (KernelCase)new SparseForwardCase(shape, relu)),
        [nameof(SparseInputGradient)] = SparseShape.Gen.Select(shape => (KernelCase)new SparseInputGradientCase(shape)),
        [nameof(SparseWeightGradient)] =
            Gen.Select(SparseShape.Gen, Gen.Bool, (shape, add) => (KernelCase)new SparseWeightGradientCase(shape, add)),
    };
}
