using CsCheck;
using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Pooling => new()
    {
        [nameof(KernelSet.MaxPool)] =
            Gen.Select(PoolData.Shapes, s_seed, (pool, seed) => (KernelCase)new MaxPoolCase(pool, seed)),
        [nameof(KernelSet.MaxPoolGradient)] = Gen.Select(PoolData.Shapes, Gen.Bool, s_seed,
            (pool, gated, seed) => (KernelCase)new MaxPoolGradientCase(pool, gated, seed)),
        [nameof(KernelSet.AveragePool)] =
            Gen.Select(PoolData.SideBySide, s_seed, (pool, seed) => (KernelCase)new AveragePoolCase(pool, seed)),
        [nameof(KernelSet.AveragePoolGradient)] = Gen.Select(PoolData.SideBySide, Gen.Bool, s_seed,
            (pool, gated, seed) => (KernelCase)new AveragePoolGradientCase(pool, gated, seed)),
        [nameof(KernelSet.GlobalAverage)] = Gen.Select(ImageData.Layouts, Gen.Int[1, 4], Gen.Int[0, 3], s_seed,
            (layout, tiles, tile, seed) => (KernelCase)new GlobalAverageCase(layout, tiles, tile, seed)),
        [nameof(KernelSet.GlobalAverageGradient)] = Gen.Select(
            ImageData.Layouts, Gen.Int[1, 4], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, tiles, tile, gated, seed) => (KernelCase)new GlobalAverageGradientCase(layout, tiles, tile, gated, seed)),
    };

    private static Dictionary<string, Gen<KernelCase>> Images => new()
    {
        [nameof(KernelSet.ClearBorder)] =
            Gen.Select(ImageData.Layouts, s_seed, (layout, seed) => (KernelCase)new ClearBorderCase(layout, seed)),
        [nameof(KernelSet.Flatten)] = Gen.Select(ImageData.Layouts, s_share, Gen.Int[1, 4], Gen.Int[0, 3], s_seed,
            (layout, percent, tiles, tile, seed) => (KernelCase)new FlattenCase(layout, percent, tiles, tile, seed)),
        [nameof(KernelSet.FlattenGradient)] = Gen.Select(
            ImageData.Layouts, s_share, Gen.Int[1, 4], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, percent, tiles, tile, gated, seed) =>
                (KernelCase)new FlattenGradientCase(layout, percent, tiles, tile, gated, seed)),
        [nameof(KernelSet.Add)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, Gen.Bool, s_seed,
            (count, relu, into, seed) => (KernelCase)new AddCase(16 * count, relu, into, seed)),
        [nameof(KernelSet.AddGated)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, s_seed,
            (count, into, seed) => (KernelCase)new AddGatedCase(16 * count, into, seed)),
        [nameof(KernelSet.Drop)] = Gen.Select(
            Gen.Int[0, 12], Gen.Int[0, 1000], Gen.Int[0, 99], Gen.Bool, Gen.Bool, s_seed,
            (count, block, percent, gated, into, seed) =>
                (KernelCase)new DropoutCase(16 * count, block, percent, gated, into, seed)),
        [nameof(KernelSet.Shortcut)] = Gen.Select(ImageData.Layouts, Gen.Int[1, 3], Gen.Int[0, 3], s_seed,
            (layout, stride, more, seed) => (KernelCase)new ShortcutCase(layout, stride, more, false, false, seed)),
        [nameof(KernelSet.ShortcutGradient)] = Gen.Select(
            ImageData.Layouts, Gen.Int[1, 3], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, stride, more, gated, seed) => (KernelCase)new ShortcutCase(layout, stride, more, true, gated, seed)),
    };

    private static Dictionary<string, Gen<KernelCase>> Normalization => new()
    {
        [nameof(KernelSet.BatchMoments)] = BatchShape.Gen.Select(batch => (KernelCase)new BatchMomentsCase(batch)),
        [nameof(KernelSet.Normalize)] =
            Gen.Select(BatchShape.Gen, Gen.Bool, (batch, relu) => (KernelCase)new NormalizeCase(batch, relu)),
        [nameof(KernelSet.GradientMoments)] = BatchShape.Gen.Select(batch => (KernelCase)new GradientMomentsCase(batch)),
        [nameof(KernelSet.NormalizeGradient)] =
            Gen.Select(BatchShape.Gen, Gen.Bool, (batch, gated) => (KernelCase)new NormalizeGradientCase(batch, gated)),
    };
}
