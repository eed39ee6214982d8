using System.Runtime.InteropServices;

namespace Lottery.Studies.Store.Files;

/// <summary>Writes that survive a crash: afterwards the file has either the old content or all of the new.</summary>
internal static class DurableFile
{
    /// <summary>Writes a new file and returns when it is flushed to disk.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Replaces a file in one step: written to a temporary path, flushed, renamed.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = TemporaryOf(path);
        try
        {
            Write(temporary, content);
            Rename(temporary, path);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The path under which a file is written before it gets its own.</summary>
    public static string TemporaryOf(string path) => path + ".tmp";

    /// <summary>Flushes the names in a folder to disk; does nothing on Windows, which has no such call.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int file = Open(folder, 0);
        if (file < 0) return;
        _ = FSync(file);
        _ = Close(file);
    }

    // Windows refuses to replace a file while a process has it open without sharing its deletion: a matter of milliseconds.
    private static void Rename(string from, string to)
    {
        const int Attempts = 50;
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

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int FSync(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
