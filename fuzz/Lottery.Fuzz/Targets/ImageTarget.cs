using Lottery.Formats.Images;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Images of 8×8 pixels to predict from: PNG, JPEG and PGM. Half of the damaged PNG pixels are packed again.</summary>
internal sealed class ImageTarget : Target
{
    private const int Side = 8;

    private static readonly byte[][] s_whole =
    [
        ImageSample.Png(Side, Side, 1, Pixels(1)), ImageSample.Png(Side, Side, 3, Pixels(3)), ImageSample.Png(Side, Side, 4, Pixels(4)),
        ImageSample.Jpeg(colour: false), ImageSample.Jpeg(colour: true), [.. "P5 8 8 255\n"u8, .. Pixels(1)],
    ];

    public override string Name => "image";

    public override Case Draw(Dice dice)
    {
        byte[] file = dice.Of(s_whole), other = dice.Of(s_whole);
        return new("some.png", dice.OneIn(4)
            ? ImageSample.Png(Side, Side, dice.Of<byte>(0, 2, 3, 4, 6), ImageSample.ZLib(Bytes.Mutate(Rows(), Rows(), dice)))
            : Bytes.Mutate(file, other, dice));
    }

    public override void Read(Case file, string folder)
    {
        string path = Path.Combine(folder, file.File);
        foreach (int channels in (ReadOnlySpan<int>)[1, 3])
            Require(ImageInput.Read(path, new(channels, Side, Side)).Length == channels * Side * Side, "the image is of another size than was asked for");
    }

    // Files say how large their image is, and up to 4,096 × 4,096 pixels are believed; what the decoder itself takes is not counted.
    public override long MostAllocated(Case file) => 1L << 26;

    private static byte[] Rows() => [.. Enumerable.Range(0, Side * (1 + 3 * Side)).Select(i => (byte)(i % (1 + 3 * Side) == 0 ? i / (1 + 3 * Side) % 5 : i))];

    private static byte[] Pixels(int channels) => [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(i * 37))];
}
