using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Folders of images of which one is damaged: colour, grey, 16 bits, JPEG with a trailer; as they are, or resized.</summary>
internal sealed class PhotosTarget : OwnDataTarget
{
    private const int Side = 8;

    private static readonly byte[][] s_whole =
    [
        ImageSample.Png(Side, Side, 1, Pixels(1)), ImageSample.Png(Side, Side, 3, Pixels(3)), Deep(0, 1), Deep(2, 3), Deep(6, 4),
        [.. ImageSample.Jpeg(colour: false), .. "SEFT"u8], [.. ImageSample.Jpeg(colour: true), 0xFF, 0xFF, 0, 0],
    ];

    public override string Name => "photos";

    public override Case Draw(Dice dice) => new("some.png", dice.OneIn(3)
        ? Deep((byte)dice.Of(0, 2, 4, 6), Bytes.Mutate(Rows(3), Rows(1), dice)) : Bytes.Mutate(dice.Of(s_whole), dice.Of(s_whole), dice));

    public override void Read(Case file, string folder)
    {
        foreach (string part in (ReadOnlySpan<string>)["train", "val", "test"])
        {
            Directory.CreateDirectory(Path.Combine(folder, "photos", part, "a"));
            File.WriteAllBytes(Path.Combine(folder, "photos", part, "a", "1.png"), s_whole[0]);
        }
        File.Copy(Path.Combine(folder, file.File), Path.Combine(folder, "photos", "train", "a", "2.png"), overwrite: true);
        Read($"folder:{Path.Combine(folder, "photos")}@5x7");
        Read($"folder:{Path.Combine(folder, "photos")}");
    }

    // Files say how large their image is, and up to 4,096 × 4,096 pixels are believed.
    public override long MostAllocated(Case file) => 1L << 28;

    private static byte[] Deep(byte type, int channels) => Deep(type, Rows(channels));

    private static byte[] Deep(byte type, byte[] rows)
    {
        byte[] file = ImageSample.Png(Side, Side, type, ImageSample.ZLib(rows));
        file[24] = 16;
        return file;
    }

    private static byte[] Rows(int channels) =>
        [.. Enumerable.Range(0, Side * (1 + 2 * channels * Side)).Select(i => (byte)(i % (1 + 2 * channels * Side) == 0 ? i / (1 + 2 * channels * Side) % 5 : i % 16))];

    private static byte[] Pixels(int channels) => [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(i * 37))];
}
