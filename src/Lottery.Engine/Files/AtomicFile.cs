namespace Lottery.Files;

/// <summary>
/// Writes files that a user names: afterwards there is the old file or the complete new one, and nothing else has changed.
/// Every file outside a store goes through here.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes a file; an older regular one is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="IOException">It cannot be written, or something other than a regular file is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, byte[] content) => Write(path, temporary =>
    {
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(content);
        file.Flush(flushToDisk: true);
    });

    /// <summary>Writes a file by its temporary name, which nothing has yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Creates the file of the temporary name that it is given (see <see cref="TemporaryOf"/>).</param>
    /// <param name="temporary">The temporary name; null for a new one.</param>
    /// <inheritdoc cref="Write(string, byte[])" path="/exception"/>
    public static void Write(string path, Action<string> write, string? temporary = null)
    {
        RequireReplaceable(path);
        temporary ??= TemporaryOf(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name beside the file, for its unfinished content, that no other program and no other call has.</summary>
    public static string TemporaryOf(string path) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");

    /// <summary>Renaming onto a device would replace it by a file.</summary>
    private static void RequireReplaceable(string path)
    {
        FileKind kind = FileKinds.Of(path);
        if (kind is FileKind.Folder) throw new IOException("it is a folder");
        if (kind is FileKind.Special) throw new IOException("it is a device or a pipe, which is not written to");
    }
}
