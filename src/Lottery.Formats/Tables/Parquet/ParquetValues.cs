using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Lottery.Formats.Tables.Parquet;

/// <summary>The values of one column in some rows: its pages, decoded.</summary>
/// <param name="column">The column.</param>
/// <param name="bytes">Its bytes in the file.</param>
/// <param name="chunk">What the file says of them.</param>
/// <param name="allowance">How many bytes pages may expand to.</param>
/// <remarks>Errors are <see cref="InvalidDataException"/>; the message is a clause.</remarks>
internal sealed class ParquetValues(ParquetColumn column, ReadOnlyMemory<byte> bytes, ParquetChunk chunk, long allowance)
{
    private const int LongestText = 1 << 12;
    private long _allowance = allowance;

    /// <summary>How many bytes the pages of other columns may still expand to.</summary>
    public long Allowance => _allowance;

    /// <summary>The values as numbers; null where one is missing.</summary>
    public double?[] Numbers() => All<double, double?>(Numbers, (values, at) => values[at]);

    /// <summary>The values as text; null where one is missing.</summary>
    public string?[] Texts() => All<string, string?>(Texts, (values, at) => values[at]);

    private T[] All<TValue, T>(Func<int, ReadOnlyMemory<byte>, int, TValue[]> decode, Func<TValue[], int, T> valueAt)
    {
        var all = new T[(int)chunk.Values];
        TValue[]? dictionary = null;
        int row = 0;
        for (ReadOnlyMemory<byte> rest = bytes; row < all.Length;)
        {
            var page = ParquetPage.Read(rest.Span);
            ReadOnlyMemory<byte> content = rest.Slice(page.HeaderLength, page.Length);
            rest = rest[(page.HeaderLength + page.Length)..];
            switch (page.Kind)
            {
                case ParquetPageKind.Index: break;
                case ParquetPageKind.Dictionary:
                    dictionary = dictionary is null ? decode(0, page.Expand(content, chunk.Codec, ref _allowance), page.Values) : throw new InvalidDataException("it has two dictionaries");
                    break;
                case ParquetPageKind.Data or ParquetPageKind.DataVersion2 when page.Values <= all.Length - row:
                    (bool[]? isPresent, int present, ReadOnlyMemory<byte> values) = Present(page, page.Expand(content, chunk.Codec, ref _allowance));
                    TValue[] some = page.Encoding is 2 or 8 ? Looked(dictionary, values.Span, present) : decode(page.Encoding, values, present);
                    for (int i = 0, next = 0; i < page.Values; i++, row++)
                        if (isPresent is null || isPresent[i]) all[row] = valueAt(some, next++);
                    break;
                default: throw new InvalidDataException("it has an impossible page");
            }
        }
        return all;
    }

    /// <summary>Which values are there, how many, and the bytes of those.</summary>
    private (bool[]? IsPresent, int Count, ReadOnlyMemory<byte> Values) Present(ParquetPage page, ReadOnlyMemory<byte> content)
    {
        if (!column.IsOptional) return (null, page.Values, content[page.Levels..]);
        int start = page.Kind == ParquetPageKind.Data ? sizeof(int) : 0;
        int length = start > 0 ? Length(content.Span) : page.Levels;
        if (length > content.Length - start) throw TooShort();
        var levels = new int[page.Values];
        ParquetDecoder.Hybrid(content.Span.Slice(start, length), 1, levels);
        bool[] isPresent = Array.ConvertAll(levels, level => level != 0);
        return (isPresent, isPresent.Count(there => there), content[(start + length)..]);
    }

    private static TValue[] Looked<TValue>(TValue[]? dictionary, ReadOnlySpan<byte> values, int count)
    {
        if (count == 0) return [];
        var indices = new int[count];
        if (dictionary is null || values.Length == 0) throw new InvalidDataException("its dictionary is missing");
        ParquetDecoder.Hybrid(values[1..], values[0], indices);
        return Array.ConvertAll(indices, index => (uint)index < (uint)dictionary.Length ? dictionary[index] : throw new InvalidDataException("its dictionary is too short"));
    }

    private double[] Numbers(int encoding, ReadOnlyMemory<byte> content, int count)
    {
        ReadOnlySpan<byte> values = content.Span;
        int width = column.Type switch { ParquetType.Int32 or ParquetType.Single => 4, ParquetType.Int64 or ParquetType.Double => 8, ParquetType.FixedBytes => column.Width, _ => 0 };
        if (column.Type == ParquetType.Boolean) return Booleans(encoding, values, count);
        if (encoding == 5 && column.Type is ParquetType.Int32 or ParquetType.Int64)
        {
            var integers = new long[count];
            ParquetDecoder.Delta(values, integers);
            return Array.ConvertAll(integers, value => Number(BitConverter.GetBytes(value).AsSpan(0, width)));
        }
        if (encoding is not (0 or 9)) throw Unread(encoding);
        if ((long)count * width > values.Length) throw TooShort();
        var numbers = new double[count];
        Span<byte> one = stackalloc byte[width];
        for (int i = 0; i < count; i++)
        {
            // Encoding 9 has the first bytes of all values, then the second ones, and so on.
            for (int b = 0; b < width; b++) one[b] = values[encoding == 0 ? i * width + b : b * count + i];
            numbers[i] = Number(one);
        }
        return numbers;
    }

    private static double[] Booleans(int encoding, ReadOnlySpan<byte> values, int count)
    {
        // Of a dictionary, the count is any.
        if (encoding == 0 && count > 8L * values.Length) throw TooShort();
        var bits = new int[count];
        if (encoding == 3)
        {
            if (Length(values) > values.Length - sizeof(int)) throw TooShort();
            ParquetDecoder.Hybrid(values.Slice(sizeof(int), Length(values)), 1, bits);
        }
        else if (encoding == 0)
            for (int i = 0; i < count; i++) bits[i] = (int)ParquetDecoder.Bits(values, i, 1);
        else throw Unread(encoding);
        return Array.ConvertAll(bits, bit => (double)bit);
    }

    private double Number(ReadOnlySpan<byte> value) => column.Type switch
    {
        ParquetType.Int32 when column.Meaning == ParquetMeaning.Unsigned => BinaryPrimitives.ReadUInt32LittleEndian(value),
        ParquetType.Int32 => Scaled(BinaryPrimitives.ReadInt32LittleEndian(value)),
        ParquetType.Int64 when column.Meaning == ParquetMeaning.Unsigned => BinaryPrimitives.ReadUInt64LittleEndian(value),
        ParquetType.Int64 => Scaled(BinaryPrimitives.ReadInt64LittleEndian(value)),
        ParquetType.Single => BinaryPrimitives.ReadSingleLittleEndian(value),
        ParquetType.Double => BinaryPrimitives.ReadDoubleLittleEndian(value),
        _ when column.Meaning == ParquetMeaning.Half => (double)BinaryPrimitives.ReadHalfLittleEndian(value),
        _ => Scaled((double)new BigInteger(value, isUnsigned: false, isBigEndian: true)),
    };

    private double Scaled(double value) => column.Meaning == ParquetMeaning.Decimal && column.Scale > 0 ? value / Math.Pow(10, column.Scale) : value;

    private static string[] Texts(int encoding, ReadOnlyMemory<byte> content, int count)
    {
        ReadOnlySpan<byte> values = content.Span;
        // The shortest text is a length of four bytes, or a difference, which may be of no bits.
        if (encoding == 0 && (long)count * sizeof(int) > values.Length) throw TooShort();
        var texts = new string[count];
        var lengths = new long[encoding == 6 ? count : 0];
        int at = encoding switch { 0 => 0, 6 => ParquetDecoder.Delta(values, lengths), _ => throw Unread(encoding) };
        for (int i = 0; i < count; i++)
        {
            long length = encoding == 0 ? Length(values[at..]) : lengths[i];
            if (encoding == 0) at += sizeof(int);
            if (length < 0 || length > values.Length - at) throw TooShort();
            if (length > LongestText) throw new InvalidDataException($"a text has {length:N0} bytes, and labels have at most {LongestText:N0}");
            texts[i] = Encoding.UTF8.GetString(values.Slice(at, (int)length));
            at += (int)length;
        }
        return texts;
    }

    private static int Length(ReadOnlySpan<byte> bytes) => bytes.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(bytes) is >= 0 and var length ? length : throw TooShort();

    private static InvalidDataException TooShort() => new("a page ends too early");

    private static InvalidDataException Unread(int encoding) => new($"it is written in encoding {encoding}, which is not read");
}
