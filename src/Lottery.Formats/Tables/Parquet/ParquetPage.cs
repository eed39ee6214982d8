using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace Lottery.Formats.Tables.Parquet;

/// <summary>The kinds of pages.</summary>
internal enum ParquetPageKind
{
    Data, Index, Dictionary, DataVersion2,
}

/// <summary>A page of a column's values, as its header says it.</summary>
internal sealed record ParquetPage
{
    public ParquetPageKind Kind { get; private set; }

    /// <summary>Bytes of the header, which the page follows.</summary>
    public int HeaderLength { get; private set; }

    /// <summary>Bytes in the file.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes when it is expanded.</summary>
    public int Expanded { get; private set; }

    /// <summary>The number of its values, missing ones included.</summary>
    public int Values { get; private set; }

    /// <summary>How they are encoded.</summary>
    public int Encoding { get; private set; }

    /// <summary>Bytes that say which values are missing, before the values; of version 2 only.</summary>
    public int Levels { get; private set; }

    private bool IsCompressed { get; set; } = true;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The rest of the column.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message is a clause.</exception>
    public static ParquetPage Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new CompactReader(bytes);
        var page = new ParquetPage();
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 1 when type == CompactReader.I32: page.Kind = (ParquetPageKind)reader.ReadCount(); break;
                case 2 when type == CompactReader.I32: page.Expanded = reader.ReadCount(); break;
                case 3 when type == CompactReader.I32: page.Length = reader.ReadCount(); break;
                case 5 or 7 when type == CompactReader.Struct: page.ReadData(ref reader, isSecond: false); break;
                case 8 when type == CompactReader.Struct: page.ReadData(ref reader, isSecond: true); break;
                default: reader.Skip(type); break;
            }
        page.HeaderLength = reader.Position;
        if (page.Length > bytes.Length - page.HeaderLength || page.Levels > Math.Min(page.Length, page.Expanded)) throw new InvalidDataException("a page ends too early");
        return page;
    }

    /// <summary>Expands the page.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="codec">How it is compressed.</param>
    /// <param name="allowance">How many bytes all pages of the file may still expand to.</param>
    public ReadOnlyMemory<byte> Expand(ReadOnlyMemory<byte> bytes, int codec, ref long allowance)
    {
        if (codec == 0 || !IsCompressed) return bytes;
        if ((allowance -= Expanded) < 0) throw new InvalidDataException("its pages are longer than its bytes can hold");
        byte[] all = new byte[Expanded];
        bytes[..Levels].CopyTo(all);
        ReadOnlySpan<byte> packed = bytes.Span[Levels..];
        Span<byte> rest = all.AsSpan(Levels);
        // A page without values may have no bytes, which no codec calls its own.
        if (rest.Length > 0 && Expand(packed, rest, codec) != rest.Length) throw new InvalidDataException("a page is shorter than it says");
        return all;
    }

    private static int Expand(ReadOnlySpan<byte> packed, Span<byte> into, int codec)
    {
        switch (codec)
        {
            // The library takes as much memory as the data themselves state.
            case 1: return Snappy.GetUncompressedLength(packed) == into.Length ? Snappy.Decompress(packed, into) : -1;
            case 2:
                using (var gzip = new GZipStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress))
                    return gzip.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            case 4: return BrotliDecoder.TryDecompress(packed, into, out int written) ? written : -1;
            case 6:
                using (var zstd = new Decompressor()) return zstd.Unwrap(packed, into);
            case 7: return LZ4Codec.Decode(packed, into);
            default: throw new InvalidDataException($"it is compressed by method {codec}, which is not read");
        }
    }

    /// <summary>The header of a page of values: fields 1, 2 and, of version 2, 4 to 7.</summary>
    private void ReadData(ref CompactReader reader, bool isSecond)
    {
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id, type, isSecond)
            {
                case (1, CompactReader.I32, _): Values = reader.ReadCount(); break;
                case (2, CompactReader.I32, false) or (4, CompactReader.I32, true): Encoding = reader.ReadCount(); break;
                case (5, CompactReader.I32, true): Levels = reader.ReadCount(); break;
                case (6, CompactReader.I32, true) when reader.ReadCount() == 0: break;
                case (6, _, true): throw new InvalidDataException("it holds lists");
                case (7, _, true): IsCompressed = type == CompactReader.True; break;
                default: reader.Skip(type); break;
            }
    }
}
