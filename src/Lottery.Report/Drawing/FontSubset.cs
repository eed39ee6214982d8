using System.Buffers.Binary;
using SkiaSharp;

namespace Lottery.Report.Drawing;

/// <summary>
/// Reduces a TrueType font to the outlines that a text needs: Skia embeds a font in a PDF file as it is, some hundred
/// kilobytes for each chart.
/// </summary>
internal static class FontSubset
{
    private const int HeadLength = 12, EntryLength = 16;

    /// <summary>The tables that a PDF file needs.</summary>
    private static readonly string[] s_tables = ["OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"];

    /// <summary>The font with the outlines of <paramref name="text"/>; the font itself if it has other outlines than TrueType's.</summary>
    public static SKTypeface Create(SKTypeface face, string text)
    {
        if (!TryRead(face, "glyf", out byte[] glyphs) || !TryRead(face, "loca", out byte[] offsets) || !TryRead(face, "head", out byte[] head)) return face;
        bool isLong = head[51] == 1;
        uint[] starts = [.. Enumerable.Range(0, offsets.Length / (isLong ? 4 : 2)).Select(i => isLong
            ? BinaryPrimitives.ReadUInt32BigEndian(offsets.AsSpan(4 * i)) : 2u * BinaryPrimitives.ReadUInt16BigEndian(offsets.AsSpan(2 * i)))];
        HashSet<int> kept = [0];
        foreach (ushort glyph in face.GetGlyphs(text)) Keep(glyph, glyphs, starts, kept);
        using var outlines = new MemoryStream();
        var moved = new byte[4 * starts.Length];
        for (int glyph = 0; glyph < starts.Length; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(moved.AsSpan(4 * glyph), (uint)outlines.Length);
            if (!kept.Contains(glyph) || glyph + 1 >= starts.Length) continue;
            outlines.Write(glyphs.AsSpan((int)starts[glyph], (int)(starts[glyph + 1] - starts[glyph])));
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }
        head[51] = 1;
        var tables = new List<(string Tag, byte[] Content)>();
        foreach (string tag in s_tables)
            if (tag switch { "glyf" => outlines.ToArray(), "loca" => moved, "head" => head, "post" => WithoutNames(face), _ => TryRead(face, tag, out byte[] other) ? other : null } is { } content)
                tables.Add((tag, content));
        using var data = SKData.CreateCopy(Assemble(tables));
        return SKTypeface.FromData(data) ?? face;
    }

    private static bool TryRead(SKTypeface face, string tag, out byte[] table)
    {
        bool found = face.TryGetTableData(tag.Aggregate(0u, (value, c) => value << 8 | c), out table);
        return found && table.Length > 0;
    }

    /// <summary>The table <c>post</c> without the names of glyphs: version 3.</summary>
    private static byte[]? WithoutNames(SKTypeface face)
    {
        const int length = 32;
        if (!TryRead(face, "post", out byte[] table) || table.Length < length) return null;
        BinaryPrimitives.WriteUInt32BigEndian(table, 0x00030000);
        return table[..length];
    }

    /// <summary>Adds a glyph and those that it is composed of.</summary>
    private static void Keep(int glyph, byte[] glyphs, uint[] starts, HashSet<int> kept)
    {
        const int composite = 10, moreFollow = 0x20, wordOffsets = 1, scale = 8, twoScales = 0x40, matrix = 0x80;
        if (glyph + 1 >= starts.Length || !kept.Add(glyph) || starts[glyph] == starts[glyph + 1]) return;
        ReadOnlySpan<byte> outline = glyphs.AsSpan((int)starts[glyph]);
        if (BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return;
        int flags;
        for (int at = composite; ; at += 4 + ((flags & wordOffsets) != 0 ? 4 : 2)
            + ((flags & scale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0))
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            Keep(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]), glyphs, starts, kept);
            if ((flags & moreFollow) == 0) return;
        }
    }

    private static byte[] Assemble(List<(string Tag, byte[] Content)> tables)
    {
        int at = HeadLength + EntryLength * tables.Count;
        var file = new byte[at + tables.Sum(table => (table.Content.Length + 3) / 4 * 4)];
        int power = (int)Math.Log2(tables.Count);
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(EntryLength << power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)(EntryLength * tables.Count - (EntryLength << power)));
        foreach ((int i, (string tag, byte[] content)) in tables.Index())
        {
            Span<byte> entry = file.AsSpan(HeadLength + EntryLength * i);
            System.Text.Encoding.ASCII.GetBytes(tag, entry);
            content.CopyTo(file, at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Checksum(file.AsSpan(at, (content.Length + 3) / 4 * 4)));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], at);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], content.Length);
            at += (content.Length + 3) / 4 * 4;
        }
        return file;
    }

    private static uint Checksum(ReadOnlySpan<byte> words)
    {
        uint sum = 0;
        for (int i = 0; i < words.Length; i += 4) sum += BinaryPrimitives.ReadUInt32BigEndian(words[i..]);
        return sum;
    }
}
