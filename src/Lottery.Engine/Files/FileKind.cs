using System.Runtime.InteropServices;

namespace Lottery.Files;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or something that may not be looked at.</summary>
    None,

    /// <summary>A file with content of its own.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, a pipe or a socket: it may have no end, and opening it may wait or act.</summary>
    Special,
}

/// <summary>Finds what a path leads to without opening it.</summary>
internal static class FileKinds
{
    private const int CurrentFolder = -100, TypeMask = 0xF000, Regular = 0x8000;
    private const uint ModeWanted = 1;

    /// <summary>The offset of the 16-bit mode in <c>struct statx</c>, which is the same on every architecture.</summary>
    private const int ModeOffset = 28, StatxLength = 256;

    /// <summary>What <paramref name="path"/> leads to.</summary>
    public static FileKind Of(string path) =>
        Directory.Exists(path) ? FileKind.Folder
        : !File.Exists(path) ? FileKind.None
        : OperatingSystem.IsLinux() ? OnLinux(path)
        // Elsewhere only the folder of devices is known to hold special files.
        : !OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Special : FileKind.Regular;

    /// <summary>Refuses what is there and is no regular file.</summary>
    /// <exception cref="IOException">It is a folder, a device or a pipe; the message is a clause.</exception>
    public static void RefuseOthers(string path)
    {
        FileKind kind = Of(path);
        if (kind is FileKind.Folder) throw new IOException("it is a folder, not a file");
        if (kind is FileKind.Special) throw new IOException("it is a device or a pipe, not a file");
    }

    private static FileKind OnLinux(string path)
    {
        byte[] status = new byte[StatxLength];
        if (Statx(CurrentFolder, path, 0, ModeWanted, status) != 0) return FileKind.None;
        return (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) == Regular ? FileKind.Regular : FileKind.Special;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, [Out] byte[] status);
}
