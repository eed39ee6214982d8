using System.Buffers.Binary;

namespace Lottery.Formats.Tables.Parquet;

/// <summary>
/// The encodings of integers. Each step of each loop makes at least one of the values that were asked for, or ends with an error,
/// so that no file keeps them busy.
/// </summary>
/// <remarks>Errors are <see cref="InvalidDataException"/>; the message is a clause.</remarks>
internal static class ParquetDecoder
{
    private const int MostOfABlock = 1 << 16;

    /// <summary>Runs of equal integers and of packed ones.</summary>
    /// <param name="bytes">The runs.</param>
    /// <param name="width">Bits of an integer.</param>
    /// <param name="into">Receives as many as it can hold.</param>
    public static void Hybrid(ReadOnlySpan<byte> bytes, int width, Span<int> into)
    {
        if (width > 32) throw Damaged();
        while (into.Length > 0)
        {
            var reader = new CompactReader(bytes);
            ulong head = reader.ReadUnsigned();
            bytes = bytes[reader.Position..];
            int count = (int)Math.Min((ulong)into.Length, (head & 1) == 0 ? head >> 1 : Math.Min(head >> 1, int.MaxValue) * 8);
            if (count == 0) throw Damaged();
            int length = (head & 1) == 0 ? (width + 7) / 8 : (int)Math.Min((ulong)bytes.Length, Math.Min(head >> 1, int.MaxValue) * (ulong)width);
            if (length > bytes.Length) throw Damaged();
            if ((head & 1) == 0) into[..count].Fill((int)Bits(bytes[..length], 0, 8 * length));
            else
                for (int i = 0; i < count; i++) into[i] = (int)Bits(bytes[..length], (long)i * width, width);
            bytes = bytes[length..];
            into = into[count..];
        }
    }

    /// <summary>Differences, packed in blocks.</summary>
    /// <param name="bytes">The blocks.</param>
    /// <param name="into">Receives the integers.</param>
    /// <returns>The bytes that they take.</returns>
    public static int Delta(ReadOnlySpan<byte> bytes, Span<long> into)
    {
        var head = new CompactReader(bytes);
        ulong block = head.ReadUnsigned(), parts = head.ReadUnsigned(), total = head.ReadUnsigned();
        if (block is 0 or > MostOfABlock || parts == 0 || block % parts != 0 || total != (ulong)into.Length) throw Damaged();
        long value = head.ReadInteger();
        int at = head.Position, each = (int)(block / parts);
        if (into.Length == 0) return at;
        into[0] = value;
        into = into[1..];
        while (into.Length > 0)
        {
            var reader = new CompactReader(bytes[at..]);
            long least = reader.ReadInteger();
            at += reader.Position;
            ReadOnlySpan<byte> widths = bytes.Slice(at, (int)Math.Min(parts, (ulong)(bytes.Length - at)));
            if (widths.Length == 0) throw Damaged();
            at += widths.Length;
            foreach (byte width in widths)
            {
                int count = Math.Min(each, into.Length);
                if (count == 0) break;
                // The last part may lack what nothing is read of.
                ReadOnlySpan<byte> part = bytes.Slice(at, Math.Min((each * width + 7) / 8, bytes.Length - at));
                if (width > 64) throw Damaged();
                for (int i = 0; i < count; i++) into[i] = value = unchecked(value + least + (long)Bits(part, (long)i * width, width));
                at += part.Length;
                into = into[count..];
            }
        }
        return at;
    }

    /// <summary>Some bits, the lowest first.</summary>
    public static ulong Bits(ReadOnlySpan<byte> bytes, long start, int width)
    {
        if (start + width > 8L * bytes.Length) throw Damaged();
        if (width == 0) return 0;
        int first = (int)(start / 8), shift = (int)(start % 8);
        ulong value = Word(bytes[first..]) >> shift;
        // Up to 64 bits may reach into a ninth byte.
        if (shift + width > 64) value |= (ulong)bytes[first + 8] << (64 - shift);
        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static ulong Word(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        eight.Clear();
        bytes.CopyTo(eight);
        return BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }

    private static InvalidDataException Damaged() => new("its values are damaged");
}
