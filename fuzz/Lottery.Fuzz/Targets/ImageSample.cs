using System.Buffers.Binary;
using System.IO.Compression;

namespace Lottery.Fuzz.Targets;

/// <summary>Small PNG and JPEG files, made on the spot.</summary>
internal static class ImageSample
{
    /// <summary>A PNG of 8 bits a channel; <paramref name="pixels"/> are <c>[height, width, channels]</c>, with 1, 2, 3 or 4 channels.</summary>
    public static byte[] Png(int height, int width, int channels, byte[] pixels)
    {
        var rows = new List<byte>();
        foreach (byte[] row in pixels.Chunk(width * channels)) rows.AddRange([0, .. row]);
        byte type = (byte)(channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 });
        return Png(height, width, type, ZLib([.. rows]));
    }

    /// <summary>A PNG with this type of colour and this data.</summary>
    public static byte[] Png(int height, int width, byte type, byte[] data)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, type);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data), .. Chunk("IEND"u8, [])];
    }

    public static byte[] ZLib(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal)) zlib.Write(content);
        return packed.ToArray();
    }

    /// <summary>A JPEG of 8×8 equal pixels: grey 228; in colour Y 228, Cb 128, Cr 28, which is red 88, green 255, blue 228.</summary>
    public static byte[] Jpeg(bool colour)
    {
        byte components = (byte)(colour ? 3 : 1);
        var file = new List<byte> { 0xFF, 0xD8 };
        // Every step is 8, so that the first coefficient is the pixel minus 128.
        file.AddRange([0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64)]);
        file.AddRange([0xFF, 0xC0, 0, (byte)(8 + 3 * components), 8, 0, 8, 0, 8, components]);
        for (byte i = 1; i <= components; i++) file.AddRange([i, 0x11, 0]);
        // First coefficients: 00 is category 0 and 01 is category 7; all others: 0 is the end of the block.
        file.AddRange([0xFF, 0xC4, 0, 21, 0x00, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
        file.AddRange([0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.AddRange([0xFF, 0xDA, 0, (byte)(6 + 2 * components), components]);
        for (byte i = 1; i <= components; i++) file.AddRange([i, 0]);
        file.AddRange([0, 63, 0]);
        const string Y = "01" + "1100100" + "0", Cb = "00" + "0", Cr = "01" + "0011011" + "0";
        file.AddRange(Bits(colour ? Y + Cb + Cr : Y));
        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Checksum(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte b in bytes)
        {
            sum ^= b;
            for (int bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
        }
        return ~sum;
    }

    private static IEnumerable<byte> Bits(string bits) =>
        bits.PadRight((bits.Length + 7) / 8 * 8, '1').Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2));
}
