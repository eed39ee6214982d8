using System.Formats.Tar;
using System.IO.Compression;

namespace Lottery.Data.Downloads;

/// <summary>
/// Unpacks a known archive. Only files with the set's names and lengths are written, each next to its target; names in the
/// archive never decide a path.
/// </summary>
/// <param name="set">A set that is distributed as an archive.</param>
/// <param name="archive">The archive's file.</param>
/// <param name="folder">The target folder.</param>
internal sealed class ArchiveContent(KnownSet set, string archive, string folder)
{
    private const long MaxNamesLength = 1 << 16, Overhead = 1 << 20;

    /// <summary>Writes every file as <c>NAME.part</c> and returns the names written.</summary>
    /// <exception cref="InvalidDataException">It is not this archive, or a file is missing or has another length.</exception>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public IReadOnlyList<string> Unpack(CancellationToken cancellation)
    {
        using FileStream file = File.OpenRead(archive);
        return set.Archive!.IsZip ? UnpackZip(file, cancellation) : UnpackTar(file, cancellation);
    }

    private List<string> UnpackTar(FileStream file, CancellationToken cancellation)
    {
        var written = new List<string>();
        using var content = new BoundedStream(
            new GZipStream(file, CompressionMode.Decompress), set.Files.Sum(one => one.Bytes) + Overhead);
        using var tar = new TarReader(content);
        while (Next(tar) is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || NameOf(entry) is not { } name) continue;
            if (written.Contains(name)) throw new InvalidDataException($"it has {name} twice");
            Write(entry, name, cancellation);
            written.Add(name);
        }
        return set.Files.FirstOrDefault(one => !written.Contains(one.Name)) is { } missing
            ? throw new InvalidDataException($"it has no {missing.Name}")
            : written;
    }

    /// <summary>The set's files, which lie gzipped in a zip archive, and are checked as if they had been downloaded.</summary>
    private List<string> UnpackZip(FileStream file, CancellationToken cancellation)
    {
        var written = new List<string>();
        using ZipArchive zip = Library(() => new ZipArchive(file, ZipArchiveMode.Read));
        foreach (KnownFile known in set.Files)
        {
            string path = Path.Combine(folder, known.SentName + ".part");
            ZipArchiveEntry entry = Library(() => zip.GetEntry($"{set.Archive!.Folder}/{known.SentName}"))
                ?? throw new InvalidDataException($"it has no {known.SentName}");
            using (Stream content = new BoundedStream(Library(entry.Open), ((IKnownContent)known).LargestLength)) Write(content, path, cancellation);
            using FileStream unpacked = File.OpenRead(path);
            if (known.Fault(unpacked) is { } fault) throw new InvalidDataException($"{known.SentName}: {fault}");
            written.Add(known.SentName);
        }
        return written;
    }

    /// <summary>The name of an entry if it is a file of the set; null for other entries, which are skipped.</summary>
    private string? NameOf(TarEntry entry)
    {
        string prefix = set.Archive!.Folder + "/";
        string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (!path.StartsWith(prefix, StringComparison.Ordinal)) return null;
        string name = path[prefix.Length..];
        if (set.Archive.ClassNames is not null && name == set.Archive.ClassNames && entry.Length <= MaxNamesLength) return set.Archive.ClassNames;
        if (set.Files.FirstOrDefault(file => file.Name == name) is not { } known) return null;
        return entry.Length == known.Bytes
            ? known.Name
            : throw new InvalidDataException($"expected {known.Bytes:N0} bytes in {name}, found {entry.Length:N0}");
    }

    private void Write(TarEntry entry, string name, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, name + ".part");
        Write(entry.DataStream, path, cancellation);
        if (new FileInfo(path).Length != entry.Length) throw new InvalidDataException($"{name} is cut short");
    }

    private static void Write(Stream? content, string path, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 17];
        using FileStream target = DiskGuard.Run(path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0));
        while (Read(content, buffer) is var got and > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            DiskGuard.Run(path, () => target.Write(buffer, 0, got));
        }
        DiskGuard.Run(path, () => target.Flush(flushToDisk: true));
    }

    // For damaged input the readers of tar and gzip throw more than InvalidDataException.
    private static TarEntry? Next(TarReader tar) => Damage(() => tar.GetNextEntry());

    private static int Read(Stream? data, byte[] buffer) => Damage(() => data?.Read(buffer) ?? 0);

    // What it says of itself is a sentence; what a bounded stream says is a clause.
    private static T Library<T>(Func<T> read) => Damage(() =>
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    });

    private static T Damage<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or FormatException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"its content is damaged ({exception.Message.TrimEnd('.')})", exception);
        }
    }
}
