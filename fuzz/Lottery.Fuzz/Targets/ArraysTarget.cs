using System.IO.Compression;
using Lottery.Data.Formats;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Archives of NumPy arrays. Half of the damaged arrays are packed again.</summary>
internal sealed class ArraysTarget : OwnDataTarget
{
    private static readonly (string Name, byte[] Content)[] s_images =
    [
        Array("train_images", "u1", [9, 5, 6, 3], Pixels(810)), Array("train_labels", "u1", [9, 1], Labels(9)), Array("val_images", "u1", [3, 5, 6, 3], Pixels(270)),
        Array("val_labels", "u1", [3, 1], Labels(3)), Array("test_images", "u1", [6, 5, 6, 3], Pixels(540)), Array("test_labels", "u1", [6, 1], Labels(6)),
    ];

    private static readonly (string Name, byte[] Content)[] s_features =
    [
        Array("x", "f4", [15, 4], [.. Enumerable.Range(0, 60).SelectMany(i => BitConverter.GetBytes(i * 0.5f))]),
        Array("y", "i8", [15], [.. Labels(15).SelectMany(label => BitConverter.GetBytes((long)label + 1))]),
    ];

    public override string Name => "arrays";

    public override Case Draw(Dice dice)
    {
        (string Name, byte[] Content)[] arrays = dice.OneIn(2) ? s_images : s_features;
        if (dice.OneIn(2)) return new("set.npz", Bytes.Mutate(Pack(arrays), Pack(dice.OneIn(2) ? s_images : s_features), dice));
        int damaged = dice.Below(arrays.Length);
        return new("set.npz", Pack([.. arrays.Select((array, i) => i == damaged ? (array.Name, Bytes.Mutate(array.Content, dice.Of(arrays).Content, dice)) : array)]));
    }

    public override void Read(Case file, string folder) => Read(Path.Combine(folder, file.File));

    // Deflate may expand 1,032-fold, and a value takes up to five bytes.
    public override long MostAllocated(Case file) => (4 << 20) + 6_000L * file.Content.Length;

    private static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];

    private static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 37))];

    private static (string, byte[]) Array(string name, string type, int[] shape, byte[] values) => (name, [.. new NpyHeader(type, [.. shape]).ToBytes(), .. values]);

    private static byte[] Pack((string Name, byte[] Content)[] arrays)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create))
            foreach ((string name, byte[] content) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy", CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        return file.ToArray();
    }
}
