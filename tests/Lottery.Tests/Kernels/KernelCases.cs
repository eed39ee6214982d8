using CsCheck;
using Lottery.Kernels;

namespace Lottery.Tests;

/// <summary>Calls of every kernel, by its name; and the one property that every version of it must have.</summary>
internal static class KernelCases
{
    private static readonly Gen<int> s_seed = Gen.Int[0, int.MaxValue], s_sixteens = Gen.Int[1, 5].Select(n => 16 * n);
    private static readonly Gen<int> s_gap = Gen.Int[0, 2].Select(n => 16 * n), s_percent = Gen.Int[0, 100];

    public static IReadOnlyDictionary<string, Gen<KernelCase>> ByKernel { get; } = new Dictionary<string, Gen<KernelCase>>
    {
        [nameof(KernelSet.KeptForward)] =
            Gen.Select(KeptShape.Gen, Gen.Bool, (shape, relu) => (KernelCase)new KeptForwardCase(shape, relu)),
        [nameof(KernelSet.KeptInputGradient)] = KeptShape.Gen.Select(shape => (KernelCase)new KeptInputGradientCase(shape)),
        [nameof(KernelSet.KeptWeightGradient)] =
            Gen.Select(KeptShape.Gen, Gen.Bool, (shape, add) => (KernelCase)new KeptWeightGradientCase(shape, add)),
        [nameof(KernelSet.ActiveProduct)] = Gen.Select(
            Gen.Select(Gen.Int[1, 20], Gen.Int[1, 9], Gen.Int[1, 20], s_gap), s_percent, Gen.Bool, Gen.Bool, s_seed,
            (size, percent, start, add, seed) => (KernelCase)new ActiveProductCase(
                size.Item1, 16 * size.Item2, 16 * size.Item3, size.Item4, percent, start, add, seed)),
        [nameof(KernelSet.ActiveBits)] = Gen.Select(Gen.Int[1, 20], Gen.Int[1, 12], s_gap, s_seed,
            (rows, columns, gap, seed) => (KernelCase)new ActiveBitsCase(rows, 16 * columns, gap, seed)),
        [nameof(KernelSet.Transpose)] = Gen.Select(s_sixteens, s_sixteens, s_gap, s_gap, s_seed,
            (rows, columns, from, to, seed) => (KernelCase)new TransposeCase(rows, columns, from, to, seed)),
        [nameof(KernelSet.Rectify)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, s_seed,
            (count, itself, seed) => (KernelCase)new RectifyCase(16 * count, itself, seed)),
        [nameof(KernelSet.BiasGradient)] = Gen.Select(Gen.Int[0, 20], s_sixteens, Gen.Bool, s_seed,
            (rows, lanes, add, seed) => (KernelCase)new BiasGradientCase(rows, lanes, add, seed)),
        [nameof(KernelSet.SoftmaxCrossEntropy)] = Gen.Select(
            Gen.Int[2, 12], Gen.Int[1, 64], s_gap, Gen.Int[0, 2].Select(n => n * n * 25 + 1), s_seed,
            (classes, count, extra, scale, seed) => (KernelCase)new SoftmaxCase(classes, count, extra, scale, seed)),
        [nameof(KernelSet.AssembleBatch)] = Gen.Select(
            Gen.Int[1, 70], Gen.Int[1, 90], Gen.Int[1, 80], s_gap, s_percent, Gen.Bool, s_seed,
            (features, pictures, count, extra, used, next, seed) =>
                (KernelCase)new AssembleBatchCase(features, pictures, count, extra, used, next, seed)),
        [nameof(KernelSet.AdamUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 3], s_seed,
            (count, tiny, step, seed) => (KernelCase)new AdamCase(16 * count, tiny, step, seed)),
        [nameof(KernelSet.SgdUpdate)] = Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.Bool, Gen.Bool, s_seed,
            (count, tiny, momentum, decay, seed) => (KernelCase)new SgdCase(16 * count, tiny, momentum, decay, seed)),
        [nameof(KernelSet.Freeze)] =
            Gen.Select(Gen.Int[0, 10], s_seed, (count, seed) => (KernelCase)new FreezeCase(16 * count, seed)),
    };

    /// <summary>Throws, with the smallest case found, where a version of a kernel differs from the reference in any bit.</summary>
    public static void Check(KernelSet set, string kernel, int cases = 200) =>
        ByKernel[kernel].Sample(one => one.Difference(set) is null, iter: cases, print: one => $"{one}: {one.Difference(set)}");
}
