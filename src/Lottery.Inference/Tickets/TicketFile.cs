using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lottery.Tickets;

/// <summary>
/// The envelope: 8 bytes of magic and version, the length of the file, header, masks, values, and the SHA-256 of all of it.
/// </summary>
internal static class TicketFile
{
    public const int Version = 1;

    /// <summary>0x8F is not UTF-8, so that nothing takes the file for text.</summary>
    private static ReadOnlySpan<byte> Magic => [0x8F, (byte)'t', (byte)'i', (byte)'c', (byte)'k', (byte)'e', (byte)'t'];

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

    /// <exception cref="FormatException">It is no whole ticket of this version.</exception>
    public static void Read(
        ReadOnlySpan<byte> file, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values)
    {
        if (file.Length < Magic.Length + 1 || !file.StartsWith(Magic)) throw new FormatException("it does not begin as a ticket does");
        if (file[Magic.Length] != Version)
            throw new FormatException($"it is of version {file[Magic.Length]} of the format, and this program reads version {Version}");
        if (file.Length < Start + SHA256.HashSizeInBytes) throw new FormatException($"it ends after {file.Length} bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file[LengthAt..]);
        if (length != (ulong)file.Length) throw new FormatException($"it should have {length} bytes and has {file.Length}");
        if (!SHA256.HashData(file[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
            throw new FormatException("its checksum does not agree with its content");
        ReadOnlySpan<byte> left = file[Start..^SHA256.HashSizeInBytes];
        header = Take(ref left, BinaryPrimitives.ReadUInt32LittleEndian(file[HeaderLengthAt..]), "header");
        masks = Take(ref left, BinaryPrimitives.ReadUInt32LittleEndian(file[MaskLengthAt..]), "masks");
        values = left;
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> left, uint length, string what)
    {
        if (length > (uint)left.Length) throw new FormatException($"it has {left.Length} bytes where its {what} should have {length}");
        ReadOnlySpan<byte> taken = left[..(int)length];
        left = left[(int)length..];
        return taken;
    }
}
