using System.Collections.Immutable;

namespace Lottery.Formats.Tables;

/// <summary>A table of numeric features with a label for each row.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Features">The names of the columns but the label's.</param>
/// <param name="Values"><c>[rows, features]</c>, all finite.</param>
/// <param name="Labels"><c>[rows]</c>, as the file writes them.</param>
/// <param name="RowOf">What the row of an index is called: its line, or its number.</param>
internal sealed record FeatureTable(string Path, ImmutableArray<string> Features, float[] Values, string[] Labels, Func<int, string> RowOf)
{
    /// <summary>The names of label columns, the first of which in a table is used if none is named.</summary>
    public static ImmutableArray<string> LabelNames { get; } = ["label", "labels", "class", "target", "y"];

    /// <summary>The file endings of tables.</summary>
    public static ImmutableArray<string> Extensions { get; } = [".csv", ".tsv", ".parquet"];

    /// <summary>Reads a table by the ending of its name.</summary>
    /// <param name="path">A .csv, .tsv or .parquet file.</param>
    /// <param name="label">The name of the label column; null to find it by <see cref="LabelNames"/>.</param>
    /// <exception cref="UserException">It cannot be read, or a value is missing or no number; the sentence names row and column.</exception>
    public static FeatureTable Read(string path, string? label)
    {
        try
        {
            return System.IO.Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase)
                ? ParquetTable.Read(path, label) : CsvTable.Read(path, label);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); make it readable.", exception);
        }
    }

    /// <summary>The index of the label column.</summary>
    /// <exception cref="UserException">There is none, or a column has no name or that of another.</exception>
    public static int LabelOf(string path, IReadOnlyList<string> columns, string? label)
    {
        for (int i = 0; i < columns.Count; i++)
            if (columns[i].Length == 0)
                throw new UserException($"{path}: column {i + 1} has no name; name it, or leave out the index (df.to_csv(path, index=False)).");
        if (columns.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UserException($"{path} has two columns called '{twice.Key}'; rename one.");
        int[] found = [.. Enumerable.Range(0, columns.Count).Where(i => label is null
            ? LabelNames.Contains(columns[i].ToLowerInvariant()) : columns[i] == label)];
        if (found.Length == 1 && columns.Count > 1) return found[0];
        string named = $"its columns are {string.Join(", ", columns.Take(12))}{(columns.Count > 12 ? $" and {columns.Count - 12} others" : "")}";
        string advice = $"name the label column after a #, as in --data '{path}#{columns[^1]}'";
        throw new UserException(found.Length == 0
            ? $"{path}: expected a column {(label is null ? string.Join(" or ", LabelNames) : $"called '{label}'")}, {named}; {advice}."
            : columns.Count == 1 ? $"{path} has the label column alone; give it features."
            : $"{path} has several columns that labels may be in ({string.Join(", ", found.Select(i => columns[i]))}); {advice}.");
    }
}
