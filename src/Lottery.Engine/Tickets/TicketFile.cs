using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lottery.Tickets;

/// <summary>
/// The container: 8 bytes of magic and version, the length of the file, header, masks, values, and the SHA-256 of all of it.
/// </summary>
internal static class TicketFile
{
    public const int Version = 1;

    /// <summary>0x8F is not valid UTF-8, so that the file is not mistaken for text.</summary>
    private static ReadOnlySpan<byte> Magic => [0x8F, (byte)'t', (byte)'i', (byte)'c', (byte)'k', (byte)'e', (byte)'t'];

    /// <summary>Maximum length of the header and of the file, in bytes.</summary>
    private const int MaxHeaderLength = 1 << 18, MaxLength = 1 << 30;

    private const int LengthAt = 8, HeaderLengthAt = 16, MaskLengthAt = 20, Start = 24;

    public static byte[] Write(ReadOnlySpan<byte> header, ReadOnlySpan<byte> masks, ReadOnlySpan<byte> values)
    {
        var file = new byte[checked(Start + header.Length + masks.Length + values.Length + SHA256.HashSizeInBytes)];
        Magic.CopyTo(file);
        file[Magic.Length] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(LengthAt), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderLengthAt), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(MaskLengthAt), masks.Length);
        header.CopyTo(file.AsSpan(Start));
        masks.CopyTo(file.AsSpan(Start + header.Length));
        values.CopyTo(file.AsSpan(Start + header.Length + masks.Length));
        SHA256.HashData(file.AsSpan(..^SHA256.HashSizeInBytes), file.AsSpan(^SHA256.HashSizeInBytes..));
        return file;
    }

    /// <summary>Reads a whole file, or as much as shows that it is not a ticket.</summary>
    /// <exception cref="FormatException">The file does not begin like a ticket, or is too large.</exception>
    public static byte[] Load(Stream stream)
    {
        Span<byte> start = stackalloc byte[HeaderLengthAt];
        ulong length = LengthIn(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        if (length > MaxLength) throw new FormatException($"it claims {length} bytes, and the limit is {MaxLength}");
        using var all = new MemoryStream();
        all.Write(start);
        // Memory grows with the bytes that are there, not with the length that the file claims; one byte more shows a wrong length.
        var buffer = new byte[1 << 16];
        while ((ulong)all.Length <= length && stream.Read(buffer) is > 0 and int count) all.Write(buffer, 0, count);
        return all.ToArray();
    }

    /// <exception cref="FormatException">The file is not a complete ticket of this version.</exception>
    public static void Read(
        ReadOnlySpan<byte> file, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values)
    {
        ulong length = LengthIn(file);
        if (length != (ulong)file.Length || file.Length < Start + SHA256.HashSizeInBytes)
            throw new FormatException($"it claims {length} bytes and has {file.Length}");
        if (!SHA256.HashData(file[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
            throw new FormatException("its checksum does not match its content");
        ReadOnlySpan<byte> left = file[Start..^SHA256.HashSizeInBytes];
        header = Take(ref left, BinaryPrimitives.ReadUInt32LittleEndian(file[HeaderLengthAt..]), "header");
        if (header.Length > MaxHeaderLength) throw new FormatException($"its header has {header.Length} bytes, and the limit is {MaxHeaderLength}");
        masks = Take(ref left, BinaryPrimitives.ReadUInt32LittleEndian(file[MaskLengthAt..]), "masks");
        values = left;
    }

    private static ulong LengthIn(ReadOnlySpan<byte> file)
    {
        if (file.Length < Magic.Length + 1 || !file.StartsWith(Magic)) throw new FormatException("it does not begin like a ticket");
        if (file[Magic.Length] != Version)
            throw new FormatException($"it has version {file[Magic.Length]} of the format, and this program reads version {Version}");
        return file.Length >= HeaderLengthAt
            ? BinaryPrimitives.ReadUInt64LittleEndian(file[LengthAt..])
            : throw new FormatException($"it ends after {file.Length} bytes");
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> left, uint length, string what)
    {
        if (length > (uint)left.Length) throw new FormatException($"its {what} should have {length} bytes, but {left.Length} are left");
        ReadOnlySpan<byte> taken = left[..(int)length];
        left = left[(int)length..];
        return taken;
    }
}
