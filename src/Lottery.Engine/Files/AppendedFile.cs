namespace Lottery.Files;

/// <summary>Opens logs, which grow while they may be read.</summary>
internal static class AppendedFile
{
    /// <summary>Opens a regular file for appending, creating it and its folder where they are missing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written, or is no regular file; the message is a clause for the last.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Open(string path)
    {
        string full = Path.GetFullPath(path);
        FileKinds.RefuseOthers(full);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return new(full, FileMode.Append, FileAccess.Write, FileShare.Read);
    }
}
