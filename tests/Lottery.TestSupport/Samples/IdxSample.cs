using System.Buffers.Binary;
using System.IO.Compression;

namespace Lottery.TestSupport.Samples;

/// <summary>Small idx files and sets, made on the spot.</summary>
internal static class IdxSample
{
    public static byte[] Bytes(int[] dimensions, ReadOnlySpan<byte> values)
    {
        var file = new byte[4 + 4 * dimensions.Length + values.Length];
        file[2] = 8;
        file[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), dimensions[i]);
        values.CopyTo(file.AsSpan(4 + 4 * dimensions.Length));
        return file;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Images whose pixels count up from the first, <c>[count, height, width]</c>.</summary>
    public static byte[] Images(int count, int height = 3, int width = 2) =>
        Bytes([count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)i)]);

    /// <summary>Labels 0, 1, …, classes − 1, 0, 1, …</summary>
    public static byte[] Labels(int count, int classes = 10) =>
        Bytes([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))]);

    /// <summary>A whole set: 30 examples to train on and 20 to test on.</summary>
    public static void WriteSet(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), Images(30));
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), Labels(30));
        File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"), Gzip(Images(20)));
        File.WriteAllBytes(Path.Combine(folder, "t10k-labels.idx1-ubyte"), Labels(20));
    }
}
