using CsCheck;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Elementwise => new()
    {
        [nameof(Transpose)] = Gen.Select(s_sixteens, s_sixteens, s_gap, s_gap, s_seed,
            (rows, columns, from, to, seed) => (KernelCase)new TransposeCase(rows, columns, from, to, seed)),
        [nameof(ReluMask)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, s_seed,
            (count, itself, seed) => (KernelCase)new ReluMaskCase(16 * count, itself, seed)),
        [nameof(BiasGradient)] = Gen.Select(Gen.Int[0, 20], s_sixteens, Gen.Bool, s_seed,
            (rows, lanes, add, seed) => (KernelCase)new BiasGradientCase(rows, lanes, add, seed)),
        [nameof(SoftmaxCrossEntropy)] = Gen.Select(
            Gen.Int[2, 12], Gen.Int[1, 64], s_gap, Gen.Int[0, 2].Select(n => n * n * 25 + 1), s_seed,
            (classes, count, extra, scale, seed) => (KernelCase)new SoftmaxCrossEntropyCase(classes, count, extra, scale, seed)),
        [nameof(AssembleBatch)] = Gen.Select(
            Gen.Select(Gen.Int[0, 4], Gen.Int[1, 70]), Gen.Int[1, 90], Gen.Int[1, 80], s_gap, s_percent, Gen.Bool, s_seed,
            (shape, images, count, extra, used, next, seed) =>
                (KernelCase)new AssembleBatchCase(shape.Item1, shape.Item2, images, count, extra, used, next, seed)),
    };
}
