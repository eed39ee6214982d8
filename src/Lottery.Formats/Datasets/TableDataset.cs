using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Formats.Tables;

namespace Lottery.Formats.Datasets;

/// <summary>
/// A data set of tables of numeric features: one file, of which a fifth of each class is sampled for testing, or a folder with
/// <c>train</c> and <c>test</c>, and <c>val</c> or <c>valid</c> if it has a validation set of its own, each .csv, .tsv or .parquet.
/// </summary>
internal static class TableDataset
{
    /// <summary>Whether the name of a file ends as a table's.</summary>
    public static bool IsTable(string path) => FeatureTable.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Whether a folder holds a training table.</summary>
    public static bool IsIn(string folder) => Find(folder, "train") is not null;

    /// <summary>Reads a table, or the tables of a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="label">The name of the label column; null to find it.</param>
    /// <exception cref="UserException">A table cannot be read, or does not fit the others.</exception>
    public static Dataset Load(string path, string? label)
    {
        FeatureTable train = FeatureTable.Read(File.Exists(path) ? path : Find(path, "train")!, label);
        var classes = new LabelColumn(train);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var parts = new SetParts(File.Exists(path) ? Path.GetFileNameWithoutExtension(path) : name, what => new($"{path}: {what}; give tables with the same columns and classes."))
        {
            ClassNames = classes.Names,
        };
        string? validation = File.Exists(path) ? null : Find(path, "val") ?? Find(path, "valid"), test = File.Exists(path) ? null : Find(path, "test");
        return parts.Join(Part(parts, train, classes), Other(validation), Other(test));

        LabelledPart? Other(string? file) => file is null ? null : Part(parts, Alike(train, FeatureTable.Read(file, label)), classes);
    }

    private static string? Find(string folder, string part) =>
        FeatureTable.Extensions.Select(extension => Path.Combine(folder, part + extension)).FirstOrDefault(File.Exists);

    private static LabelledPart Part(SetParts parts, FeatureTable table, LabelColumn classes)
    {
        string name = Path.GetFileName(table.Path);
        return parts.Part(name, new(default, table.Values, new(1, 1, table.Features.Length)), name, new(classes.Of(table)));
    }

    /// <summary>The table with its columns in the order of the training table's.</summary>
    private static FeatureTable Alike(FeatureTable train, FeatureTable other)
    {
        if (train.Features.Except(other.Features).FirstOrDefault() is { } missing)
            throw new UserException($"{other.Path} has no column '{missing}', which {train.Path} has; give both the same columns.");
        if (other.Features.Except(train.Features).FirstOrDefault() is { } extra)
            throw new UserException($"{other.Path} has a column '{extra}', which {train.Path} has not; give both the same columns.");
        if (train.Features.SequenceEqual(other.Features)) return other;
        int features = train.Features.Length;
        int[] order = [.. train.Features.Select(name => other.Features.IndexOf(name))];
        var values = new float[other.Values.Length];
        for (int i = 0; i < values.Length; i++) values[i] = other.Values[i / features * features + order[i % features]];
        return other with { Features = train.Features, Values = values };
    }
}
