using System.IO.Enumeration;

namespace Lottery.Studies.Store.Files;

/// <summary>Folders of a store: what is in them, and removing what the store wrote. No link is ever followed.</summary>
internal static class StoreFolder
{
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>The names of the folders in a folder; none where it is missing.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    public static IReadOnlyCollection<string> NamesIn(string folder) => Directory.Exists(folder)
        ? StoreErrors.Guard(folder, () => (IReadOnlyCollection<string>)[.. new FileSystemEnumerable<string>(folder, static (ref entry) => entry.FileName.ToString(), s_all)
        {
            ShouldIncludePredicate = static (ref entry) => entry.IsDirectory,
        }])
        : [];

    /// <summary>True for a folder that is there and is no link.</summary>
    public static bool IsOwn(string folder) => new DirectoryInfo(folder) is { Exists: true, LinkTarget: null };

    /// <summary>Removes a folder with all that is in it; of a link, the link.</summary>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long Remove(string folder)
    {
        long freed = IsOwn(folder) ? SizeOf(folder) : 0;
        if (IsOwn(folder)) StoreDisk.DeleteFolder(folder);
        else if (Directory.Exists(folder)) StoreDisk.DeleteEmptyFolder(folder);
        return freed;
    }

    /// <summary>Removes the files of a folder that have one of the names, or one of its temporary names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The names, in the order in which the files are removed.</param>
    /// <param name="onlyTemporary">Whether the files with the names themselves stay.</param>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long RemoveFiles(string folder, IEnumerable<string> names, bool onlyTemporary = false)
    {
        if (!IsOwn(folder)) return 0;
        string[] there = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))];
        return names.Sum(name => there.Where(found => DurableFile.IsNameOf(found, name) && !(onlyTemporary && found == name))
            .Sum(found => RemoveFile(Path.Combine(folder, found))));
    }

    /// <summary>Removes a folder in which nothing is.</summary>
    public static void RemoveEmpty(string folder)
    {
        try
        {
            if (IsOwn(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) StoreDisk.DeleteEmptyFolder(folder);
        }
        catch (IOException refusal) when (StoreErrors.IsNotEmpty(refusal))
        {
            // Another process has begun to use it.
        }
        catch (DirectoryNotFoundException)
        {
            // Another process has removed it.
        }
    }

    /// <summary>Removes the folders in a folder that have a name of <paramref name="isOurs"/>.</summary>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long RemoveFolders(string folder, Func<string, bool> isOurs) =>
        IsOwn(folder) ? NamesIn(folder).Where(isOurs).Sum(name => Remove(Path.Combine(folder, name))) : 0;

    /// <summary>Removes a file; nothing where there is none, or where a link or a folder has its name.</summary>
    /// <returns>Its bytes.</returns>
    public static long RemoveFile(string path)
    {
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null } file) return 0;
        long length = file.Length;
        StoreDisk.Delete(path);
        return length;
    }

    private static long SizeOf(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(file => file.Length);
    }
}
