namespace Lottery.Studies.Store.Files;

/// <summary>Reads files whose kind and size are checked first: no link, no device, no pipe, and no more bytes than are expected.</summary>
internal static class RegularFile
{
    /// <summary>More than any document of the store has: the largest holds one hash per epoch.</summary>
    public const long MostOfDocument = 1L << 26;

    /// <summary>The content of a file that another process may append to or replace at the same time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="IOException">It does not exist, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is a link or a folder, or larger; the message is a clause.</exception>
    public static byte[] Read(string path, long most = MostOfDocument)
    {
        long length = LengthOf(path);
        if (length > Math.Min(most, Array.MaxLength))
            throw new InvalidDataException(FormattableString.Invariant($"it has {length} bytes, and at most {most} are possible"));
        // A pipe and a device have no length, so they are never opened: opening a pipe waits for whoever writes into it.
        if (length == 0) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var content = new byte[length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return read == content.Length ? content : content[..read];
    }

    /// <summary>The content of a file in a run's folder.</summary>
    /// <exception cref="UserException">It cannot be read, or is no file that a store writes.</exception>
    public static byte[] ReadOfRun(string path, long most = int.MaxValue)
    {
        try
        {
            return StoreErrors.Guard(path, () => Read(path, most));
        }
        catch (UserException refusal) when (refusal.InnerException is FileNotFoundException && Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw StoreErrors.Damaged(path, "it is missing", refusal);
        }
        catch (InvalidDataException wrong)
        {
            throw StoreErrors.Damaged(path, wrong.Message, wrong);
        }
    }

    /// <summary>True where something has this name, be it a link to nothing.</summary>
    public static bool IsThere(string path) => (int)new FileInfo(path).Attributes != -1;

    /// <summary>True for a file that is there and is no link, no folder, no pipe and no device, and not empty.</summary>
    public static bool HasContent(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 };

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        if (Directory.Exists(path)) throw new InvalidDataException("it is a folder");
        if ((int)file.Attributes == -1) throw new FileNotFoundException("it does not exist", path);
        return file.LinkTarget is null ? file.Length : throw new InvalidDataException("it is a link, and a store has none");
    }
}
