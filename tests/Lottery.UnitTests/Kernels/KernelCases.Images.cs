using CsCheck;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Pooling;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelCases
{
    private static Dictionary<string, Gen<KernelCase>> Pooling => new()
    {
        [nameof(MaxPoolForward)] =
            Gen.Select(PoolData.Shapes, s_seed, (pool, seed) => (KernelCase)new MaxPoolForwardCase(pool, seed)),
        [nameof(MaxPoolBackward)] = Gen.Select(PoolData.Shapes, Gen.Bool, s_seed,
            (pool, masked, seed) => (KernelCase)new MaxPoolBackwardCase(pool, masked, seed)),
        [nameof(AveragePoolForward)] =
            Gen.Select(PoolData.SideBySide, s_seed, (pool, seed) => (KernelCase)new AveragePoolForwardCase(pool, seed)),
        [nameof(AveragePoolBackward)] = Gen.Select(PoolData.SideBySide, Gen.Bool, s_seed,
            (pool, masked, seed) => (KernelCase)new AveragePoolBackwardCase(pool, masked, seed)),
        [nameof(GlobalAverageForward)] = Gen.Select(ImageData.Layouts, Gen.Int[1, 4], Gen.Int[0, 3], s_seed,
            (layout, tiles, tile, seed) => (KernelCase)new GlobalAverageForwardCase(layout, tiles, tile, seed)),
        [nameof(GlobalAverageBackward)] = Gen.Select(
            ImageData.Layouts, Gen.Int[1, 4], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, tiles, tile, masked, seed) => (KernelCase)new GlobalAverageBackwardCase(layout, tiles, tile, masked, seed)),
    };

    private static Dictionary<string, Gen<KernelCase>> Images => new()
    {
        [nameof(FlattenForward)] = Gen.Select(ImageData.Layouts, s_fraction, Gen.Int[1, 4], Gen.Int[0, 3], s_seed,
            (layout, percent, tiles, tile, seed) => (KernelCase)new FlattenForwardCase(layout, percent, tiles, tile, seed)),
        [nameof(FlattenBackward)] = Gen.Select(
            ImageData.Layouts, s_fraction, Gen.Int[1, 4], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, percent, tiles, tile, masked, seed) =>
                (KernelCase)new FlattenBackwardCase(layout, percent, tiles, tile, masked, seed)),
        [nameof(AddForward)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, Gen.Bool, s_seed,
            (count, relu, into, seed) => (KernelCase)new AddForwardCase(16 * count, relu, into, seed)),
        [nameof(AddMasked)] = Gen.Select(Gen.Int[0, 10], Gen.Bool, s_seed,
            (count, into, seed) => (KernelCase)new AddMaskedCase(16 * count, into, seed)),
        [nameof(DropoutValues)] = Gen.Select(
            Gen.Int[0, 12], Gen.Int[0, 1000], Gen.Int[0, 99], Gen.Bool, Gen.Bool, s_seed,
            (count, block, percent, masked, into, seed) =>
                (KernelCase)new DropoutValuesCase(16 * count, block, percent, masked, into, seed)),
        [nameof(ShortcutForward)] = Gen.Select(ImageData.Layouts, Gen.Int[1, 3], Gen.Int[0, 3], s_seed,
            (layout, stride, more, seed) => (KernelCase)new ShortcutCase(layout, stride, more, false, false, seed)),
        [nameof(ShortcutBackward)] = Gen.Select(
            ImageData.Layouts, Gen.Int[1, 3], Gen.Int[0, 3], Gen.Bool, s_seed,
            (layout, stride, more, masked, seed) => (KernelCase)new ShortcutCase(layout, stride, more, true, masked, seed)),
    };

    private static Dictionary<string, Gen<KernelCase>> Normalization => new()
    {
        [nameof(BatchMoments)] = BatchShape.Gen.Select(batch => (KernelCase)new BatchMomentsCase(batch)),
        [nameof(NormalizeForward)] =
            Gen.Select(BatchShape.Gen, Gen.Bool, (batch, relu) => (KernelCase)new NormalizeForwardCase(batch, relu)),
        [nameof(GradientMoments)] = BatchShape.Gen.Select(batch => (KernelCase)new GradientMomentsCase(batch)),
        [nameof(NormalizeBackward)] =
            Gen.Select(BatchShape.Gen, Gen.Bool, (batch, masked) => (KernelCase)new NormalizeBackwardCase(batch, masked)),
    };
}
