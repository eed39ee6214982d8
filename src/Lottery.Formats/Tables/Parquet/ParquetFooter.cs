using System.Collections.Immutable;

namespace Lottery.Formats.Tables.Parquet;

/// <summary>What the end of a Parquet file says about its columns and where they are.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Groups">The groups of rows, one after another.</param>
internal sealed record ParquetFooter(ImmutableArray<ParquetColumn> Columns, ImmutableArray<ParquetGroup> Groups)
{
    /// <summary>Reads the metadata.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message is a clause.</exception>
    public static ParquetFooter Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new CompactReader(bytes);
        var elements = ImmutableArray.CreateBuilder<ParquetColumn>();
        var groups = ImmutableArray.CreateBuilder<ParquetGroup>();
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 2 when type == CompactReader.List:
                    for (int i = ItemsOf(ref reader); i > 0; i--) elements.Add(Column(ref reader));
                    break;
                case 4 when type == CompactReader.List:
                    for (int i = ItemsOf(ref reader); i > 0; i--) groups.Add(Group(ref reader));
                    break;
                default: reader.Skip(type); break;
            }
        if (elements.Count == 0) throw new InvalidDataException("it has no columns");
        return new(Flat(elements), groups.ToImmutable());
    }

    /// <summary>The columns of a table: the children of the first element, one after another.</summary>
    private static ImmutableArray<ParquetColumn> Flat(IReadOnlyList<ParquetColumn> elements)
    {
        var columns = ImmutableArray.CreateBuilder<ParquetColumn>();
        for (int i = 1; i < elements.Count; i++)
        {
            columns.Add(elements[i]);
            // The elements in an element follow it; a column of them is refused by its name.
            long inside = elements[i].Children;
            while (inside > 0 && ++i < elements.Count) inside += elements[i].Children - 1L;
        }
        return columns.ToImmutable();
    }

    private static ParquetColumn Column(ref CompactReader reader)
    {
        var column = new ParquetColumn();
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 1 when type == CompactReader.I32: column.Type = (ParquetType)reader.ReadCount(); break;
                case 2 when type == CompactReader.I32: column.Width = reader.ReadCount(); break;
                case 3 when type == CompactReader.I32: column.Repetition = reader.ReadCount(); break;
                case 4 when type == CompactReader.Binary: column.Name = reader.ReadText(); break;
                case 5 when type == CompactReader.I32: column.Children = reader.ReadCount(); break;
                case 6 when type == CompactReader.I32: column.Meaning = Converted(reader.ReadCount(), column.Meaning); break;
                case 7 when type == CompactReader.I32: column.Scale = reader.ReadCount(); break;
                case 10 when type == CompactReader.Struct: ReadLogical(ref reader, column); break;
                default: reader.Skip(type); break;
            }
        return column;
    }

    private static ParquetMeaning Converted(int type, ParquetMeaning before) => type switch
    {
        0 or 4 or 19 => ParquetMeaning.Text,
        5 => ParquetMeaning.Decimal,
        11 or 12 or 13 or 14 => ParquetMeaning.Unsigned,
        15 or 16 or 17 or 18 => before,
        _ => ParquetMeaning.Other,
    };

    /// <summary>A union with one member, whose number says what values mean.</summary>
    private static void ReadLogical(ref CompactReader reader, ParquetColumn column)
    {
        for (int id = 0; reader.Next(ref id, out int type);)
        {
            if (id != 10 || type != CompactReader.Struct)
            {
                column.Meaning = id switch { 1 or 4 or 12 => ParquetMeaning.Text, 5 => ParquetMeaning.Decimal, 15 => ParquetMeaning.Half, _ => ParquetMeaning.Other };
                reader.Skip(type);
                continue;
            }
            for (int part = 0; reader.Next(ref part, out int kind);)
            {
                if (part == 2) column.Meaning = kind == CompactReader.False ? ParquetMeaning.Unsigned : ParquetMeaning.Plain;
                reader.Skip(kind);
            }
        }
    }

    private static ParquetGroup Group(ref CompactReader reader)
    {
        var chunks = ImmutableArray.CreateBuilder<ParquetChunk>();
        long rows = 0;
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 1 when type == CompactReader.List:
                    for (int i = ItemsOf(ref reader); i > 0; i--) chunks.Add(Chunk(ref reader));
                    break;
                case 3 when type == CompactReader.I64: rows = reader.ReadInteger(); break;
                default: reader.Skip(type); break;
            }
        return new(chunks.ToImmutable(), rows);
    }

    private static ParquetChunk Chunk(ref CompactReader reader)
    {
        ParquetChunk? chunk = null;
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 1: throw new InvalidDataException("its values are in another file");
                case 3 when type == CompactReader.Struct: chunk = Data(ref reader); break;
                default: reader.Skip(type); break;
            }
        return chunk ?? throw new InvalidDataException("a column is nowhere");
    }

    private static ParquetChunk Data(ref CompactReader reader)
    {
        (int codec, long values, long length, long data, long dictionary) = (0, 0, 0, 0, 0);
        for (int id = 0; reader.Next(ref id, out int type);)
            switch (id)
            {
                case 4 when type == CompactReader.I32: codec = reader.ReadCount(); break;
                case 5 when type == CompactReader.I64: values = reader.ReadInteger(); break;
                case 7 when type == CompactReader.I64: length = reader.ReadInteger(); break;
                case 9 when type == CompactReader.I64: data = reader.ReadInteger(); break;
                case 11 when type == CompactReader.I64: dictionary = reader.ReadInteger(); break;
                default: reader.Skip(type); break;
            }
        return new(codec, values, dictionary > 0 && dictionary < data ? dictionary : data, length);
    }

    private static int ItemsOf(ref CompactReader reader) => reader.ReadList() is (var count, CompactReader.Struct) ? count
        : throw new InvalidDataException("a list holds something else");
}

/// <summary>How values are stored.</summary>
internal enum ParquetType
{
    Boolean, Int32, Int64, Int96, Single, Double, Bytes, FixedBytes,
}

/// <summary>What stored values mean.</summary>
internal enum ParquetMeaning
{
    Plain, Unsigned, Text, Decimal, Half,

    /// <summary>Dates, times and others that are no numbers.</summary>
    Other,
}

/// <summary>A column.</summary>
internal sealed class ParquetColumn
{
    public string Name { get; set; } = "";

    public ParquetType Type { get; set; }

    public ParquetMeaning Meaning { get; set; }

    /// <summary>Bytes of a value, where all have as many.</summary>
    public int Width { get; set; }

    /// <summary>Decimal digits after the point.</summary>
    public int Scale { get; set; }

    /// <summary>0 for a value in each row, 1 for one or none, 2 for a list.</summary>
    public int Repetition { get; set; }

    /// <summary>The number of elements in this one.</summary>
    public int Children { get; set; }

    /// <summary>True where rows may have no value.</summary>
    public bool IsOptional => Repetition == 1;

    /// <summary>True for lists and structures.</summary>
    public bool IsNested => Children > 0 || Repetition > 1;

    /// <summary>True for text.</summary>
    public bool IsText => Type == ParquetType.Bytes && Meaning is ParquetMeaning.Text or ParquetMeaning.Plain;

    /// <summary>True for numbers and Booleans.</summary>
    public bool IsNumber => Type switch
    {
        ParquetType.Boolean or ParquetType.Single or ParquetType.Double => Meaning == ParquetMeaning.Plain,
        ParquetType.Int32 or ParquetType.Int64 => Meaning is ParquetMeaning.Plain or ParquetMeaning.Unsigned or ParquetMeaning.Decimal,
        ParquetType.FixedBytes => Meaning is ParquetMeaning.Half && Width == 2 || Meaning == ParquetMeaning.Decimal && Width is > 0 and <= 32,
        _ => false,
    };

    /// <summary>What it holds, for errors.</summary>
    public string Kind => IsText ? "text" : Meaning == ParquetMeaning.Other || Type == ParquetType.Int96 ? "a date, a time or the like" : "bytes";
}

/// <summary>Some rows of all columns.</summary>
/// <param name="Chunks">The values of each column.</param>
/// <param name="Rows">The number of rows that it states.</param>
internal sealed record ParquetGroup(ImmutableArray<ParquetChunk> Chunks, long Rows);

/// <summary>Where the values of a column are.</summary>
/// <param name="Codec">How pages are compressed.</param>
/// <param name="Values">The number of values that it states, missing ones included.</param>
/// <param name="Start">Its first byte in the file.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record ParquetChunk(int Codec, long Values, long Start, long Length);
