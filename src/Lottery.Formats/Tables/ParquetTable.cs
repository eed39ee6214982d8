using System.Globalization;
using Lottery.Files;
using Parquet;
using Parquet.Schema;

namespace Lottery.Formats.Tables;

/// <summary>Reads a table of Parquet: columns of numbers or Booleans, and labels as numbers or text.</summary>
internal sealed class ParquetTable
{
    private const long MostRows = 1L << 30;
    private readonly string _path;
    private readonly ParquetReader _reader;

    private ParquetTable(string path, ParquetReader reader) => (_path, _reader) = (path, reader);

    /// <inheritdoc cref="FeatureTable.Read"/>
    public static FeatureTable Read(string path, string? label)
    {
        try
        {
            return ReadAsync(path, label).GetAwaiter().GetResult();
        }
        catch (Exception damaged) when (damaged is not (UserException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            // For damaged input the reader throws exceptions of any type, with messages that do not describe the file.
            throw new UserException($"{path}: it is damaged, or no Parquet table of flat columns; write it again (df.to_parquet(path)).", damaged);
        }
    }

    private static async Task<FeatureTable> ReadAsync(string path, string? label)
    {
        await using FileStream file = InputFile.Open(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        return await new ParquetTable(path, reader).ReadAsync(label);
    }

    private async Task<FeatureTable> ReadAsync(string? label)
    {
        DataField[] fields = _reader.Schema.DataFields;
        string[] names = [.. fields.Select(field => field.Name)];
        int labelAt = FeatureTable.LabelOf(_path, names, label);
        if (fields.FirstOrDefault(field => field.IsArray || field.MaxRepetitionLevel > 0) is { } nested)
            throw new UserException($"{_path}: column '{nested.Name}' holds lists; give one column for each number.");
        DataField[] features = [.. fields.Where((_, i) => i != labelAt)];
        int rows = Rows(features.Length);
        var (values, labels) = (new float[rows * features.Length], new string[rows]);
        int start = 0;
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader part = _reader.OpenRowGroupReader(group);
            int count = (int)part.RowCount;
            for (int i = 0; i < features.Length; i++)
            {
                double?[] column = await Numbers(part, features[i], count);
                for (int row = 0; row < count; row++) values[(start + row) * features.Length + i] = Number(features[i].Name, start + row, column[row]);
            }
            string?[] texts = await Texts(part, fields[labelAt], count);
            for (int row = 0; row < count; row++)
                labels[start + row] = texts[row] is { Length: > 0 } text ? text
                    : throw new UserException($"{_path}, row {start + row + 1}: the label in column '{names[labelAt]}' is missing; add it, or remove the row.");
            start += count;
        }
        return new(_path, [.. features.Select(field => field.Name)], values, labels, row => $"row {row + 1}");
    }

    /// <summary>The number of rows, of which a file must have some bytes each.</summary>
    private int Rows(int features)
    {
        long rows = 0;
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader part = _reader.OpenRowGroupReader(group);
            foreach (DataField field in _reader.Schema.DataFields) RequirePossible(part, field);
            rows += part.RowCount is >= 0 and <= MostRows ? part.RowCount : throw new InvalidDataException("rows");
        }
        if (rows == 0) throw new UserException($"{_path} has no rows; give it examples.");
        return rows * features <= Array.MaxLength && rows <= RowsAtMost ? (int)rows
            : throw new UserException($"{_path} states {rows:N0} rows, more than its length or one array can hold; write it again with fewer.");
    }

    /// <summary>The library reads on until it has the values that a column claims: the claim must be that of the rows, and within the file.</summary>
    private void RequirePossible(ParquetRowGroupReader part, DataField field)
    {
        long length = new FileInfo(_path).Length;
        if (part.GetMetadata(field)?.MetaData is not { } column || column.NumValues != part.RowCount || column.TotalCompressedSize < 0 || column.DataPageOffset < 0
            || column.DataPageOffset + column.TotalCompressedSize > length || column.TotalUncompressedSize is < 0 or > int.MaxValue)
            throw new InvalidDataException($"column {field.Name} claims what the file cannot hold");
    }

    // Run lengths and dictionaries make a constant column almost nothing, but labels and features are not constant.
    private long RowsAtMost => (1 << 16) + 64 * new FileInfo(_path).Length;

    private float Number(string column, int row, double? value) => value switch
    {
        null => throw new UserException($"{_path}, row {row + 1}: column '{column}' has no value; fill it in, or remove the row (df.dropna())."),
        { } number when float.IsFinite((float)number) => (float)number,
        _ => throw new UserException($"{_path}, row {row + 1}: column '{column}' is {value}, which is no finite number; fill it in, or remove the row."),
    };

    private async Task<double?[]> Numbers(ParquetRowGroupReader part, DataField field, int count) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Boolean => await Read<bool>(part, field, count, value => value ? 1 : 0),
        TypeCode.SByte => await Read<sbyte>(part, field, count, value => value),
        TypeCode.Byte => await Read<byte>(part, field, count, value => value),
        TypeCode.Int16 => await Read<short>(part, field, count, value => value),
        TypeCode.UInt16 => await Read<ushort>(part, field, count, value => value),
        TypeCode.Int32 => await Read<int>(part, field, count, value => value),
        TypeCode.UInt32 => await Read<uint>(part, field, count, value => value),
        TypeCode.Int64 => await Read<long>(part, field, count, value => value),
        TypeCode.UInt64 => await Read<ulong>(part, field, count, value => value),
        TypeCode.Single => await Read<float>(part, field, count, value => value),
        TypeCode.Double => await Read<double>(part, field, count, value => value),
        TypeCode.Decimal => await Read<decimal>(part, field, count, value => (double)value),
        _ => throw new UserException($"{_path}: column '{field.Name}' is {(field.ClrType == typeof(ReadOnlyMemory<char>) ? "text" : field.ClrType.Name)}, not numbers; give numbers only, or remove the column."),
    };

    private async Task<string?[]> Texts(ParquetRowGroupReader part, DataField field, int count)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[count];
            await part.ReadAsync(field, texts.AsMemory()!);
            return texts;
        }
        return [.. (await Numbers(part, field, count)).Select(number => number?.ToString(CultureInfo.InvariantCulture))];
    }

    private static async Task<double?[]> Read<T>(ParquetRowGroupReader part, DataField field, int count, Func<T, double> convert) where T : struct
    {
        var numbers = new double?[count];
        if (field.IsNullable)
        {
            var values = new T?[count];
            await part.ReadAsync<T>(field, values.AsMemory());
            for (int i = 0; i < count; i++) numbers[i] = values[i] is { } value ? convert(value) : null;
            return numbers;
        }
        var all = new T[count];
        await part.ReadAsync<T>(field, all.AsMemory());
        for (int i = 0; i < count; i++) numbers[i] = convert(all[i]);
        return numbers;
    }
}
