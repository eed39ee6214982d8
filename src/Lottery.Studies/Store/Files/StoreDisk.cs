using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// Every change that a store makes on the disk, one call of the file system at a time. A <see cref="DiskWatch"/> sees each call before
/// it is made, and may make it fail: so tests try every point at which a process can end or a disk can refuse.
/// </summary>
internal static partial class StoreDisk
{
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;
    private static ImmutableArray<DiskWatch> s_watches = [];

    /// <summary>Creates a folder, and those above it; nothing where it is there.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        Before(DiskCall.CreateFolder, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Opens a new file, or an old one without its content, for <see cref="Write"/>.</summary>
    public static FileStream Create(string path) => Open(path, FileMode.Create, FileAccess.Write);

    /// <summary>Creates a file that must not be there yet.</summary>
    /// <exception cref="IOException">It is there already, or cannot be created.</exception>
    public static FileStream CreateNew(string path) => Open(path, FileMode.CreateNew, FileAccess.Write);

    /// <summary>Opens a file for additions at its end.</summary>
    public static FileStream Append(string path) => Open(path, FileMode.Append, FileAccess.Write);

    /// <summary>Opens a file for reading and writing; it is created where <paramref name="create"/> says so.</summary>
    public static FileStream Update(string path, bool create) => Open(path, create ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.ReadWrite);

    /// <summary>Writes to a file in one call.</summary>
    public static void Write(FileStream stream, ReadOnlySpan<byte> content)
    {
        int length = content.Length;
        Exception? refusal = Refusal(DiskCall.Write, stream.Name, ref length);
        stream.Write(content[..length]);
        if (refusal is not null) throw refusal;
    }

    /// <summary>Returns when the disk has the file's content.</summary>
    public static void Flush(FileStream stream)
    {
        Before(DiskCall.Flush, stream.Name);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Returns when the disk has the content of all files and the names in their folder.</summary>
    /// <exception cref="IOException">The disk could not write them.</exception>
    public static void FlushAll(IReadOnlyCollection<FileStream> streams, string folder)
    {
        foreach (FileStream stream in streams) Before(DiskCall.Flush, stream.Name);
        Before(DiskCall.FlushFolder, folder);
        DiskThreads.Run([.. streams.Select(stream => (Action)(() => stream.Flush(flushToDisk: true))), () => SynchronizeFolder(folder)]);
    }

    /// <summary>Renames a file; one that has the new name is replaced in the same step.</summary>
    public static void Rename(string from, string to)
    {
        // Windows refuses to replace a file while a process has it open without sharing its deletion: a matter of milliseconds.
        const int Attempts = 50;
        Before(DiskCall.Rename, to, from);
        for (int attempt = 1; ; attempt++)
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception refusal) when (
                OperatingSystem.IsWindows() && attempt < Attempts && refusal is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(20);
            }
    }

    /// <summary>Renames a folder; one that has the new name and is not empty is never replaced.</summary>
    /// <exception cref="IOException">There is such a folder, or it cannot be renamed.</exception>
    public static void RenameFolder(string from, string to)
    {
        Before(DiskCall.Rename, to, from);
        Directory.Move(from, to);
    }

    /// <summary>Deletes a file; nothing where there is none.</summary>
    public static void Delete(string path)
    {
        if (!RegularFile.IsThere(path)) return;
        Before(DiskCall.Delete, path);
        File.Delete(path);
    }

    /// <summary>Deletes an empty folder, or a link to a folder.</summary>
    public static void DeleteEmptyFolder(string path)
    {
        Before(DiskCall.DeleteFolder, path);
        Directory.Delete(path);
    }

    /// <summary>Deletes a folder with all that is in it; of a link in it, the link.</summary>
    public static void DeleteFolder(string path)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(path).GetFileSystemInfos())
            if (entry is not DirectoryInfo) Delete(entry.FullName);
            else if (entry.LinkTarget is null) DeleteFolder(entry.FullName);
            else DeleteEmptyFolder(entry.FullName);
        DeleteEmptyFolder(path);
    }

    /// <summary>Returns when the disk has the names in a folder; does nothing on Windows, which has no such call.</summary>
    /// <exception cref="IOException">The disk could not write them.</exception>
    public static void FlushFolder(string folder)
    {
        Before(DiskCall.FlushFolder, folder);
        SynchronizeFolder(folder);
    }

    /// <summary>Opens a folder and closes it: a network file system then forgets which names it believed not to be there.</summary>
    public static void Refresh(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int file = OpenFolder(folder, 0);
        if (file >= 0) _ = Close(file);
    }

    internal static void Add(DiskWatch watch) => ImmutableInterlocked.Update(ref s_watches, watches => watches.Add(watch));

    internal static void Remove(DiskWatch watch) => ImmutableInterlocked.Update(ref s_watches, watches => watches.Remove(watch));

    private static void SynchronizeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int file = OpenFolder(folder, 0);
        if (file < 0) return;
        // Some file systems have no such call for folders, which is no error; a disk that fails is one.
        int error = Synchronize(file) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(file);
        if (error is UnixIo or UnixNoSpace) throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        Before(DiskCall.Open, path);
        return new(path, mode, access, ShareAll, bufferSize: 0);
    }

    private static void Before(DiskCall call, string path, string? from = null)
    {
        int length = 0;
        if (Refusal(call, path, ref length, from) is { } refusal) throw refusal;
    }

    private static Exception? Refusal(DiskCall call, string path, ref int length, string? from = null)
    {
        if (s_watches.IsEmpty) return null;
        var step = new DiskStep(call, Path.GetFullPath(path), from is null ? null : Path.GetFullPath(from));
        foreach (DiskWatch watch in s_watches)
            if (watch.Sees(step.Path) && watch.Before(step, ref length) is { } refusal) return refusal;
        return null;
    }
}
