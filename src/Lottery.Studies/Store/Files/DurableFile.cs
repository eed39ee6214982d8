using System.Text.RegularExpressions;

namespace Lottery.Studies.Store.Files;

/// <summary>Writes that survive a crash: afterwards the file has either the old content or all of the new.</summary>
internal static partial class DurableFile
{
    /// <summary>Writes new files into a folder and returns when the disk has them and their names.</summary>
    public static void Write(string folder, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var streams = new List<FileStream>();
        try
        {
            // All are written before the first is flushed, and they are flushed together: so the disk is waited for once.
            foreach ((string name, byte[] content) in files)
            {
                streams.Add(StoreDisk.Create(Path.Combine(folder, name)));
                StoreDisk.Write(streams[^1], content);
            }
            StoreDisk.FlushAll(streams, folder);
        }
        finally
        {
            foreach (FileStream stream in streams) stream.Dispose();
        }
    }

    /// <summary>Replaces a file in one step: written to a temporary path, flushed, renamed.</summary>
    public static void Replace(string path, byte[] content) => Replace(path, stream => StoreDisk.Write(stream, content));

    /// <summary>Replaces a file by what <paramref name="write"/> writes with <see cref="StoreDisk.Write"/>, in one step.</summary>
    /// <returns>Its length.</returns>
    public static long Replace(string path, Action<FileStream> write)
    {
        long length = Replace(path, write, flush: true);
        StoreDisk.FlushFolder(Path.GetDirectoryName(path)!);
        return length;
    }

    /// <summary>Replaces a file in one step for other processes, without waiting for the disk: after a power cut it may be damaged.</summary>
    public static void ReplaceUnflushed(string path, byte[] content) => Replace(path, stream => StoreDisk.Write(stream, content), flush: false);

    /// <summary>A path under which a file is written before it gets its own, which no other call has.</summary>
    public static string TemporaryOf(string path) => $"{path}.{Guid.NewGuid().ToString("N")[..TemporaryLength]}.tmp";

    /// <summary>True for the name of a file, for its temporary names, and for what claims of it are taken over with.</summary>
    /// <param name="found">The name in question.</param>
    /// <param name="name">The file's name.</param>
    public static bool IsNameOf(string found, string name) =>
        found.StartsWith(name, StringComparison.Ordinal) && Suffix().IsMatch(found.AsSpan(name.Length));

    private const int TemporaryLength = 12;

    private static long Replace(string path, Action<FileStream> write, bool flush)
    {
        string temporary = TemporaryOf(path);
        try
        {
            long length;
            using (FileStream stream = StoreDisk.Create(temporary))
            {
                write(stream);
                length = stream.Position;
                if (flush) StoreDisk.Flush(stream);
            }
            StoreDisk.Rename(temporary, path);
            return length;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            StoreDisk.Delete(temporary);
            throw;
        }
    }

    [GeneratedRegex(@"^(\.[0-9a-f]{12,64})*(\.tmp)?\z")]
    private static partial Regex Suffix();
}
