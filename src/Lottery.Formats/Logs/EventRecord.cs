using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Lottery.Formats.Logs;

/// <summary>
/// A record of a TensorBoard event file: the length (64 bits) with its checksum, then an Event message of protocol buffers with
/// its checksum. Checksums are CRC-32C, rotated and offset (TFRecord's mask).
/// </summary>
internal static class EventRecord
{
    private const uint MaskDelta = 0xA282EAD8;

    // Field numbers of Event, of Summary and of Summary.Value, with their wire types.
    private const byte WallTime = 0x09, Step = 0x10, FileVersion = 0x1A, Summary = 0x2A, Value = 0x0A, Tag = 0x0A, SimpleValue = 0x15;

    /// <summary>The first record of a file.</summary>
    public static byte[] Version(DateTimeOffset time)
    {
        using var message = new MemoryStream();
        WriteTime(message, time);
        WriteBytes(message, FileVersion, "brain.Event:2"u8);
        return Framed(message.ToArray());
    }

    /// <summary>The scalars of a step.</summary>
    public static byte[] Of(DateTimeOffset time, int step, IReadOnlyList<(string Tag, float Value)> scalars)
    {
        using var summary = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(float)];
        foreach ((string tag, float scalar) in scalars)
        {
            using var value = new MemoryStream();
            WriteBytes(value, Tag, Encoding.UTF8.GetBytes(tag));
            value.WriteByte(SimpleValue);
            BinaryPrimitives.WriteSingleLittleEndian(number, scalar);
            value.Write(number);
            WriteBytes(summary, Value, value.ToArray());
        }
        using var message = new MemoryStream();
        WriteTime(message, time);
        message.WriteByte(Step);
        WriteInteger(message, (ulong)step);
        WriteBytes(message, Summary, summary.ToArray());
        return Framed(message.ToArray());
    }

    /// <summary>CRC-32C as TFRecord stores it.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte one in bytes) checksum = BitOperations.Crc32C(checksum, one);
        return BitOperations.RotateRight(~checksum, 15) + MaskDelta;
    }

    private static byte[] Framed(byte[] message)
    {
        var record = new byte[sizeof(ulong) + sizeof(uint) + message.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        message.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + message.Length), MaskedChecksum(message));
        return record;
    }

    private static void WriteTime(MemoryStream message, DateTimeOffset time)
    {
        Span<byte> seconds = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(seconds, time.ToUnixTimeMilliseconds() / 1000.0);
        message.WriteByte(WallTime);
        message.Write(seconds);
    }

    private static void WriteBytes(MemoryStream message, byte key, ReadOnlySpan<byte> bytes)
    {
        message.WriteByte(key);
        WriteInteger(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void WriteInteger(MemoryStream message, ulong value)
    {
        for (; value >= 0x80; value >>= 7) message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }
}
