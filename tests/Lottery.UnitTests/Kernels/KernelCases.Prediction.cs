using CsCheck;
using Lottery.Kernels.Prediction;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Prediction => new()
    {
        [nameof(Interleave)] = Gen.Select(Gen.Int[1, 90], Gen.Int[1, 80], s_gap, s_percent, s_seed,
            (features, count, extra, used, seed) => (KernelCase)new InterleaveCase(features, count, extra, used, seed)),
        [nameof(SingleSparseForward)] = Gen.Select(Gen.Int[0, 30], Gen.Int[1, 60], s_percent, Gen.Bool, s_seed,
            (rows, inputs, percent, relu, seed) => (KernelCase)new SingleSparseForwardCase(rows, inputs, percent, relu, seed)),
        [nameof(SingleConvolutionForward)] = Gen.Select(
            Gen.Select(Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[1, 200]), s_percent, Gen.Bool, Gen.Bool, Gen.Bool, s_seed,
            (shape, percent, wide, bias, relu, seed) => (KernelCase)new SingleConvolutionForwardCase(
                wide ? 15 * shape.Item1 : shape.Item1, shape.Item2, shape.Item3, percent, bias, relu, seed)),
        [nameof(SingleWinogradForward)] = Gen.Select(
            Gen.Select(Gen.Int[8, 20], Gen.Int[8, 40], Gen.Int[1, 5], Gen.Int[1, 10]), Gen.Bool, Gen.Bool, Gen.Bool, s_seed,
            (shape, bias, normalization, relu, seed) => (KernelCase)new SingleWinogradForwardCase(
                new(shape.Item1, shape.Item2, 3, 1, 1, 2 * shape.Item3, 2 * shape.Item4, 1, 1), bias, normalization, relu, seed)),
        [nameof(SlidingMax)] = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 8], s_seed,
            (count, vectors, seed) => (KernelCase)new SlidingMaxCase(count, 16 * vectors, seed)),
    };
}
