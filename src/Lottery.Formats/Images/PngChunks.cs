using System.Buffers.Binary;
using System.IO.Compression;

namespace Lottery.Formats.Images;

/// <summary>The chunks of a PNG file (ISO/IEC 15948): a length, a type, the data and a checksum each, from IHDR to IEND.</summary>
internal static class PngChunks
{
    private const int ChunkOverhead = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>True if a file has the signature of PNG.</summary>
    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Checks that all chunks are present and that the pixels do not inflate to more than the image's size allows.</summary>
    /// <exception cref="InvalidDataException">A check failed; the message says what was expected.</exception>
    public static void RequireWhole(ReadOnlySpan<byte> file, int maxSide)
    {
        long limit = 0;
        ReadOnlySpan<byte> type = default;
        for (int at = Signature.Length; !type.SequenceEqual("IEND"u8);)
        {
            uint length = at + ChunkOverhead <= file.Length ? BinaryPrimitives.ReadUInt32BigEndian(file[at..]) : uint.MaxValue;
            if (at + (long)ChunkOverhead + length > file.Length)
                throw new InvalidDataException("expected chunks up to IEND, found the end of the file: it is truncated");
            type = file.Slice(at + 4, 4);
            ReadOnlySpan<byte> data = file.Slice(at + 8, (int)length);
            if (at == Signature.Length) limit = MaxContent(type, data, maxSide);
            at += ChunkOverhead + (int)length;
        }
        RequireBounded(Pixels(file), limit);
    }

    /// <summary>The compressed pixels of a file whose chunks are all present.</summary>
    public static MemoryStream Pixels(ReadOnlySpan<byte> file)
    {
        var packed = new MemoryStream();
        ReadOnlySpan<byte> type = default;
        for (int at = Signature.Length; !type.SequenceEqual("IEND"u8);)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            type = file.Slice(at + 4, 4);
            if (type.SequenceEqual("IDAT"u8)) packed.Write(file.Slice(at + 8, length));
            at += ChunkOverhead + length;
        }
        packed.Position = 0;
        return packed;
    }

    /// <summary>At most eight bytes for each pixel, and one byte for each row in each of the seven passes of an interlaced image.</summary>
    private static long MaxContent(ReadOnlySpan<byte> type, ReadOnlySpan<byte> header, int maxSide)
    {
        if (!type.SequenceEqual("IHDR"u8) || header.Length != 13)
            throw new InvalidDataException("expected a header of 13 bytes (IHDR), found another chunk");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width < 1 || height < 1 || width > maxSide || height > maxSide)
            throw new InvalidDataException($"expected an image of at most {maxSide:N0}×{maxSide:N0}, found {height:N0}×{width:N0}");
        return 8L * width * height + 8L * height + 64;
    }

    private static void RequireBounded(Stream packed, long limit)
    {
        var buffer = new byte[1 << 14];
        long length = 0;
        using var content = new ZLibStream(packed, CompressionMode.Decompress);
        while (content.Read(buffer) is var got and > 0)
            if ((length += got) > limit)
                throw new InvalidDataException($"expected at most {limit:N0} bytes of pixels for its size, found more");
    }
}
