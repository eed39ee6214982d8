using Lottery.Files;

namespace Lottery.Data;

/// <summary>Finds the known sets on this machine and checks their files.</summary>
internal static class DataVerify
{
    /// <summary>Every known set, with its files: whether each exists, and its length; contents are not read.</summary>
    public static IEnumerable<DatasetStatus> List(DatasetLocator locator) =>
        KnownSet.All.Select(set => Inspect(set, locator.Find(set)));

    /// <summary>Reads every file of a set where it was found and compares its length and, where it is known, its SHA-256.</summary>
    /// <exception cref="UserException">There is no set of that name, or it is not on this machine.</exception>
    public static DatasetStatus Verify(string name, DatasetLocator locator)
    {
        KnownSet set = KnownSet.Get(name);
        DatasetStatus found = Inspect(set, locator.Locate(set.Name));
        return found with { Files = [.. set.Files.Zip(found.Files, Read)] };
    }

    /// <summary>The status of a set at one location, without reading its files.</summary>
    internal static DatasetStatus Inspect(KnownSet set, DataLocation? location) =>
        new(set, location, location is null ? [] : [.. set.Files.Select(file => Inspect(set, file, location.Folder))]);

    private static FileStatus Inspect(KnownSet set, KnownFile file, string folder) =>
        set.Format.Find(folder, file.Name) is { } path
            ? new(file.Name, path, new FileInfo(path).Length, null)
            : new(file.Name, null, 0, "it is missing");

    private static FileStatus Read(KnownFile file, FileStatus found) =>
        found.Path is { } path ? found with { Fault = Fault(file, path) } : found;

    /// <summary>What is wrong with the file at <paramref name="path"/>; null if nothing is.</summary>
    internal static string? Fault(KnownFile file, string path)
    {
        try
        {
            using FileStream stream = InputFile.Open(path);
            return file.Fault(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read ({exception.Message.TrimEnd('.')})";
        }
    }
}
