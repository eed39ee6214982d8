namespace Lottery.Studies.Store.Files;

/// <summary>Folders of a store: what is in them, and removing what the store wrote. No link is ever followed.</summary>
internal static class StoreFolder
{
    /// <summary>The names of the folders in a folder; none where it is missing.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    public static IReadOnlyCollection<string> NamesIn(string folder) => Directory.Exists(folder)
        ? StoreErrors.Guard(folder, () => (IReadOnlyCollection<string>)[.. Directory.EnumerateDirectories(folder).Select(inner => Path.GetFileName(inner))])
        : [];

    /// <summary>True for a folder that is there and is no link.</summary>
    public static bool IsOwn(string folder) => new DirectoryInfo(folder) is { Exists: true, LinkTarget: null };

    /// <summary>Removes a folder with all that is in it; of a link, the link.</summary>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long Remove(string folder)
    {
        long freed = IsOwn(folder) ? SizeOf(folder) : 0;
        if (IsOwn(folder)) Directory.Delete(folder, recursive: true);
        else if (Directory.Exists(folder)) Directory.Delete(folder);
        return freed;
    }

    /// <summary>Removes the files of a folder that have one of the names or its temporary name, and the folder if nothing else is in it.</summary>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long Remove(string folder, params IEnumerable<string> names)
    {
        if (!IsOwn(folder)) return 0;
        long freed = names.SelectMany(name => new[] { name, DurableFile.TemporaryOf(name) }).Sum(name => RemoveFile(Path.Combine(folder, name)));
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        return freed;
    }

    /// <summary>Removes a file; nothing where there is none, or where a link or a folder has its name.</summary>
    /// <returns>Its bytes.</returns>
    public static long RemoveFile(string path)
    {
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null } file) return 0;
        long length = file.Length;
        file.Delete();
        return length;
    }

    private static long SizeOf(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(file => file.Length);
    }
}
