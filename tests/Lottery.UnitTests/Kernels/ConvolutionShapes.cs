using CsCheck;
using Lottery.Kernels.Convolution;

namespace Lottery.UnitTests.Kernels;

/// <summary>Small convolutions of every kind: the plain loops take their time.</summary>
internal static class ConvolutionShapes
{
    private static readonly Gen<ConvolutionShape> s_patches = Gen.Select(
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 18]), Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, 2]),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]), Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1]),
        (channels, kernel, side, border) =>
        {
            int padding = Math.Min(kernel.Item3, kernel.Item1 - 1);
            return new ConvolutionShape(
                channels.Item1, channels.Item2, kernel.Item1, kernel.Item2, padding,
                kernel.Item1 + side.Item1, kernel.Item1 + side.Item2, padding + border.Item1, border.Item2);
        });

    private static readonly Gen<ConvolutionShape> s_winograd = Gen.Select(
        Gen.Select(Gen.Int[8, 10], Gen.Int[1, 10]), Gen.Select(Gen.Int[1, 2], Gen.Int[1, 3]), Gen.Select(Gen.Int[1, 2], Gen.Int[1, 2]), Gen.Bool,
        (channels, side, border, wide) => new ConvolutionShape(
            channels.Item1, (wide ? 16 : 7) + channels.Item2, 3, 1, 1, 2 * side.Item1, 2 * side.Item2, border.Item1, border.Item2));

    /// <summary>Shapes that go by patches and shapes that go by transforms.</summary>
    public static Gen<ConvolutionShape> All { get; } = Gen.OneOf(s_patches, s_winograd);
}
