using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Formats.Datasets;
using Lottery.Formats.Images;

namespace Lottery.Formats;

/// <summary>Loads a data set by name or path.</summary>
public static partial class DataSource
{
    private const string Folder = "folder:";

    /// <summary>
    /// <c>folder:PATH</c> is a folder with a subfolder of images for each class (see <see cref="ImageFolder"/>), which
    /// <c>folder:PATH@32x32</c> resizes to that height and width; <c>PATH.npz</c> holds
    /// arrays, <c>PATH.csv</c> and <c>PATH.parquet</c> a table of numeric features whose label column may follow a <c>#</c>. Anything
    /// else is the name of a set, or a folder whose format is recognized by its files (see <see cref="Dataset.Load(string)"/>).
    /// </summary>
    /// <exception cref="UserException">There is no such set, or its files are damaged.</exception>
    public static Dataset Load(string name)
    {
        if (name.StartsWith(Folder, StringComparison.Ordinal)) return Images(name[Folder.Length..]);
        (string path, string? label) = name.LastIndexOf('#') is > 0 and var at && !Path.Exists(name) ? (name[..at], name[(at + 1)..]) : (name, null);
        if (name == KnownSet.TinyImageNet.Name) return TinyImageNet.Load(DatasetLocator.FromEnvironment().Locate(name));
        if (Directory.Exists(path) && FolderFormat.TinyImageNet.HoldsAny(path)) return TinyImageNet.Load(new(DataOrigin.Path, path, null));
        if (KnownSet.Find(name) is null && (Path.Exists(path) ? Recognized(path, label) : null) is { } own) return own;
        return Dataset.Load(name);
    }

    /// <summary>The name of the set of images that is <paramref name="name"/> resized to <paramref name="size"/>.</summary>
    /// <exception cref="UserException">It is no folder of images, or the size is none.</exception>
    internal static string Resized(string name, string size)
    {
        RequireSize(size);
        return name.StartsWith(Folder, StringComparison.Ordinal) ? $"{name}@{size}"
            : throw new UserException($"{name} is no folder:PATH of images, and only such are resized; leave the size out.");
    }

    /// <summary>Checks a size such as <c>32x32</c>.</summary>
    /// <exception cref="UserException">It is none.</exception>
    internal static void RequireSize(string size)
    {
        if (!SizePattern().IsMatch($"_@{size}")) throw new UserException($"'{size}' is no size: give height and width in pixels, such as 32x32.");
    }

    private static Dataset Images(string path)
    {
        if (Directory.Exists(path) || SizePattern().Match(path) is not { Success: true } sized) return ImageFolder.Load(path);
        (int height, int width) = (int.Parse(sized.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(sized.Groups[3].Value, CultureInfo.InvariantCulture));
        return ImageFolder.Load(sized.Groups[1].Value, (height, width));
    }

    /// <summary>The set in a file or folder of a format of this assembly; null for formats of others.</summary>
    private static Dataset? Recognized(string path, string? label)
    {
        if (TableDataset.IsTable(path) || (Directory.Exists(path) && TableDataset.IsIn(path))) return TableDataset.Load(path, label);
        if (label is not null) throw new UserException($"{path} is no table, so it has no column '{label}'; name a .csv or .parquet file before the #.");
        if (File.Exists(path))
            return Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase) ? NpzDataset.Load(path)
                : throw new UserException($"{path} is a file of a kind that is not read; give a .npz, .csv, .tsv or .parquet file, or the folder that holds the set's files.");
        if (FolderFormat.Within(path) is not null) return null;
        throw new UserException($"{path}: expected {FolderFormat.Kinds}, or train.csv and test.csv, found {Contents(path)}; give the folder that holds the set's files, "
            + $"the path of a .npz, .csv or .parquet file, or folder:{path} for a folder with a subfolder of images for each class.");
    }

    private static string Contents(string folder)
    {
        const int Shown = 6;
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).Take(Shown + 1)];
        string listed = string.Join(", ", names.Take(Shown).Select(name => new string([.. name.Select(letter => char.IsControl(letter) ? '·' : letter)])));
        return names.Length == 0 ? "an empty folder" : names.Length > Shown ? listed + " and more" : listed;
    }

    [GeneratedRegex("^(.+)@([1-9][0-9]{0,3})x([1-9][0-9]{0,3})$")]
    private static partial Regex SizePattern();
}
