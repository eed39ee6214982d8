using Lottery.Formats.Pictures;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Pictures of 8×8 pixels to predict from: PNG, JPEG and PGM. Half of the damaged PNG pixels are packed again.</summary>
internal sealed class PictureTarget : Target
{
    private const int Side = 8;

    private static readonly byte[][] s_whole =
    [
        PictureSample.Png(Side, Side, 1, Pixels(1)), PictureSample.Png(Side, Side, 3, Pixels(3)), PictureSample.Png(Side, Side, 4, Pixels(4)),
        PictureSample.Jpeg(colour: false), PictureSample.Jpeg(colour: true), [.. "P5 8 8 255\n"u8, .. Pixels(1)],
    ];

    public override string Name => "picture";

    public override Case Draw(Dice dice)
    {
        byte[] file = dice.Of(s_whole), other = dice.Of(s_whole);
        return new("some.png", dice.OneIn(4)
            ? PictureSample.Png(Side, Side, dice.Of<byte>(0, 2, 3, 4, 6), PictureSample.ZLib(Bytes.Mutate(Rows(), Rows(), dice)))
            : Bytes.Mutate(file, other, dice));
    }

    public override void Read(Case file, string folder)
    {
        string path = Path.Combine(folder, file.File);
        foreach (int channels in (ReadOnlySpan<int>)[1, 3])
            Require(PictureInput.Read(path, new(channels, Side, Side)).Length == channels * Side * Side, "the picture is of another size than was asked for");
    }

    // Files say how large their picture is, and up to 4,096 × 4,096 pixels are believed; what the decoder itself takes is not counted.
    public override long MostAllocated(Case file) => 1L << 26;

    private static byte[] Rows() => [.. Enumerable.Range(0, Side * (1 + 3 * Side)).Select(i => (byte)(i % (1 + 3 * Side) == 0 ? i / (1 + 3 * Side) % 5 : i))];

    private static byte[] Pixels(int channels) => [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(i * 37))];
}
