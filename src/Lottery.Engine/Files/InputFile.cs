namespace Lottery.Files;

/// <summary>
/// Opens files that a user names. Every reader of such files goes through here, so that none waits for a pipe or reads a device
/// that has no end.
/// </summary>
internal static class InputFile
{
    private const int BufferLength = 1 << 16;

    /// <summary>Opens a regular file for reading; links are followed.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It does not exist, cannot be read, or is no regular file; the message is a clause for the last.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        FileKinds.RefuseOthers(path);
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferLength);
    }

    /// <summary>The whole content of a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="InvalidDataException">It is larger; the message is a clause.</exception>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static byte[] ReadAll(string path, long most)
    {
        using FileStream file = Open(path);
        if (file.Length > Math.Min(most, Array.MaxLength))
            throw new InvalidDataException(FormattableString.Invariant($"it has {file.Length:N0} bytes, and at most {most:N0} are read"));
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
