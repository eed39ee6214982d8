using System.Buffers.Binary;
using System.IO.Compression;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Sets as MNIST comes, plain and gzipped.</summary>
internal sealed class IdxTarget : DataTarget
{
    // No deflate stream grows by more than this, and arrays double while content arrives.
    private const long LargestRatio = 1032;

    public override string Name => "idx";

    protected override Dictionary<string, byte[]> Whole => new()
    {
        ["train-images-idx3-ubyte"] = Idx([9, 3, 2], Pixels(54)),
        ["train-labels-idx1-ubyte"] = Idx([9], Labels(9)),
        ["t10k-images-idx3-ubyte.gz"] = Packed(Idx([6, 3, 2], Pixels(36))),
        ["t10k-labels-idx1-ubyte.gz"] = Packed(Idx([6], Labels(6))),
    };

    public override long MostAllocated(Case file) => (1 << 20) + 4 * LargestRatio * file.Content.Length;

    /// <summary>Half of the packed files are damaged before they are packed.</summary>
    protected override byte[] Damaged(string name, byte[] file, byte[] other, Dice dice) =>
        Path.GetExtension(name) == ".gz" && dice.OneIn(2)
            ? Packed(Bytes.Mutate(Unpacked(file), other, dice))
            : Bytes.Mutate(file, other, dice);

    private static byte[] Idx(int[] dimensions, byte[] values)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        (header[2], header[3]) = (8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return [.. header, .. values];
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
