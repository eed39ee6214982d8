using System.Runtime.InteropServices;

namespace Lottery.Studies.Store.Files;

/// <summary>Giving a complete file a name that must be free.</summary>
internal static partial class StoreDisk
{
    private const int UnixIo = 5, UnixNoSpace = 28, UnixNotThere = 2, UnixAccess = 13, UnixExists = 17, UnixReadOnly = 30;

    /// <summary>
    /// Gives a file a second name in one step, which succeeds for one process only: with it the name has all of its content at once.
    /// Windows renames, which is the same there.
    /// </summary>
    /// <returns>True if the name is this file's; false if the name was there; null where the file system has no such step.</returns>
    /// <exception cref="IOException">The folder is not there, or the disk refuses.</exception>
    public static bool? Link(string file, string name)
    {
        int length = 0;
        if (Refusal(DiskCall.Link, name, ref length, file) is { } refusal) return refusal is NotSupportedException ? null : throw refusal;
        if (OperatingSystem.IsWindows()) return RenameIfFree(file, name);
        if (LinkFile(file, name) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            UnixExists => false,
            // A collection may have removed the file: then the name is as good as taken, and the next attempt gets it.
            UnixNotThere => Directory.Exists(Path.GetDirectoryName(name)) ? false : throw new DirectoryNotFoundException($"{Path.GetDirectoryName(name)} is not there"),
            UnixAccess => throw new UnauthorizedAccessException(Marshal.GetPInvokeErrorMessage(error)),
            UnixIo or UnixNoSpace or UnixReadOnly => throw new IOException(Marshal.GetPInvokeErrorMessage(error), error),
            _ => null,
        };
    }

    private static bool RenameIfFree(string file, string name)
    {
        try
        {
            File.Move(file, name, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int LinkFile([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
