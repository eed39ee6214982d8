using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Lottery.Files;
using Lottery.Formats.Tables.Parquet;

namespace Lottery.Formats.Tables;

/// <summary>
/// Reads a table of Parquet: columns of numbers or Booleans, and labels as numbers or text. The file is untrusted: what it states
/// is compared with its length before memory is taken, and time is linear in what it states then.
/// </summary>
internal sealed class ParquetTable
{
    private const int Ends = 4, LongestFooter = 1 << 28;
    private const string PandasIndex = "__index_level_";
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ParquetFooter _footer;
    private long _allowance;

    private ParquetTable(string path, FileStream file) => (_path, _file, _footer) = (path, file, Footer(file));

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <inheritdoc cref="FeatureTable.Read"/>
    public static FeatureTable Read(string path, string? label)
    {
        using FileStream file = InputFile.Open(path);
        try
        {
            return new ParquetTable(path, file).Read(label);
        }
        catch (Exception damaged) when (damaged is not UserException)
        {
            // What expands pages throws exceptions of any type, with messages that do not describe the file.
            string what = damaged is InvalidDataException { InnerException: null } ? $": {damaged.Message.TrimEnd('.')}" : "";
            throw new UserException($"{path}: it is damaged, or no Parquet table of flat columns{what}; write it again (df.to_parquet(path)).", damaged);
        }
    }

    private FeatureTable Read(string? label)
    {
        ImmutableArray<ParquetColumn> columns = _footer.Columns;
        string[] names = [.. columns.Select(column => column.Name)];
        int labelAt = FeatureTable.LabelOf(_path, names, label);
        if (columns.FirstOrDefault(column => column.IsNested) is { } nested)
            throw new UserException($"{_path}: column '{nested.Name}' holds lists; give one column for each number.");
        if (names.FirstOrDefault(name => name.StartsWith(PandasIndex, StringComparison.Ordinal)) is { } index)
            throw new UserException($"{_path}: column '{index}' is the index of the data frame, not a feature; leave it out (df.to_parquet(path, index=False)).");
        foreach ((int i, ParquetColumn column) in columns.Index())
            if (!column.IsNumber && (i != labelAt || !column.IsText))
                throw new UserException($"{_path}: column '{column.Name}' is {column.Kind}, not numbers; give numbers only, or remove the column.");
        int rows = Rows();
        int[] features = [.. Enumerable.Range(0, columns.Length).Where(i => i != labelAt)];
        var (values, labels) = (new float[rows * features.Length], new string[rows]);
        int start = 0;
        foreach (ParquetGroup group in _footer.Groups)
        {
            foreach ((int at, int i) in features.Index())
            {
                double?[] column = Column(group, i, part => part.Numbers());
                for (int row = 0; row < column.Length; row++) values[(start + row) * features.Length + at] = Number(names[i], start + row, column[row]);
            }
            string?[] texts = Column(group, labelAt, part => columns[labelAt].IsText ? part.Texts()
                : [.. part.Numbers().Select(number => number?.ToString(CultureInfo.InvariantCulture))]);
            for (int row = 0; row < texts.Length; row++)
                labels[start + row] = texts[row] is { Length: > 0 } text ? text
                    : throw new UserException($"{_path}, row {start + row + 1}: the label in column '{names[labelAt]}' is missing; add it, or remove the row.");
            start += (int)group.Rows;
        }
        return new(_path, [.. features.Select(i => names[i])], values, labels, row => $"row {row + 1}");
    }

    private static ParquetFooter Footer(FileStream file)
    {
        if (file.Length < 3 * Ends) throw new InvalidDataException("it is too short");
        Span<byte> end = stackalloc byte[2 * Ends];
        file.ReadExactly(end[..Ends]);
        bool begins = end.StartsWith(Magic);
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (!begins || !end[Ends..].SequenceEqual(Magic)) throw new InvalidDataException("it does not begin and end as such files do");
        if (length > Math.Min(LongestFooter, file.Length - 3 * Ends)) throw new InvalidDataException("its metadata are longer than the file");
        var footer = new byte[length];
        file.Position = file.Length - end.Length - length;
        file.ReadExactly(footer);
        return ParquetFooter.Read(footer);
    }

    /// <summary>The number of rows, of which a file must have some bytes each; and what pages may expand to.</summary>
    private int Rows()
    {
        (long rows, long bytes, long length) = (0, 0, _file.Length);
        foreach (ParquetGroup group in _footer.Groups)
        {
            if (group.Chunks.Length != _footer.Columns.Length) throw new InvalidDataException("some rows have other columns");
            foreach (ParquetChunk chunk in group.Chunks)
            {
                if (chunk.Values != group.Rows || chunk.Values is < 0 or > int.MaxValue || chunk.Start < Ends || chunk.Length < 0 || chunk.Start > length - chunk.Length || (bytes += chunk.Length) > length)
                    throw new InvalidDataException("it states what it cannot hold");
            }
            rows += group.Rows;
        }
        if (rows == 0) throw new UserException($"{_path} has no rows; give it examples.");
        // Runs and dictionaries make a constant column almost nothing, but labels and features are not constant.
        long values = checked(rows * _footer.Columns.Length);
        if (rows > (1 << 16) + 64 * length || values > Math.Min(Array.MaxLength, (1 << 20) + 1024 * length))
            throw new UserException($"{_path} states {rows:N0} rows, more than its length or one array can hold; write it again with fewer.");
        _allowance = (1 << 22) + 1024 * length + 16 * values;
        return (int)rows;
    }

    private T[] Column<T>(ParquetGroup group, int column, Func<ParquetValues, T[]> read)
    {
        ParquetChunk chunk = group.Chunks[column];
        var bytes = new byte[chunk.Length];
        _file.Position = chunk.Start;
        _file.ReadExactly(bytes);
        var values = new ParquetValues(_footer.Columns[column], bytes, chunk, _allowance);
        try
        {
            T[] all = read(values);
            _allowance = values.Allowance;
            return all;
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException($"column '{_footer.Columns[column].Name}': {damaged.Message.TrimEnd('.')}", damaged.InnerException);
        }
    }

    private float Number(string column, int row, double? value) => value switch
    {
        null => throw new UserException($"{_path}, row {row + 1}: column '{column}' has no value; fill it in, or remove the row (df.dropna())."),
        { } number when float.IsFinite((float)number) => (float)number,
        _ => throw new UserException($"{_path}, row {row + 1}: column '{column}' is {value.Value.ToString(CultureInfo.InvariantCulture)}, which is no finite number; fill it in, or remove the row."),
    };
}
