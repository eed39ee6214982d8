using System.Formats.Tar;
using System.IO.Compression;

namespace Lottery.Packaging;

/// <summary>What is in the archive of a release, read back from the archive.</summary>
internal static class ReleaseContents
{
    private const int Executable = 0b001_001_001;

    /// <summary>One file of an archive: its path, its Unix permissions, its length, and the systems that its header is for.</summary>
    internal sealed record Entry(string Path, int Mode, long Length, string[] Systems);

    /// <summary>The files of an archive.</summary>
    /// <exception cref="PackagingException">It has something that is no regular file or folder.</exception>
    public static IReadOnlyList<Entry> Read(string archive) => archive.EndsWith(".zip", StringComparison.Ordinal) ? [.. Zip(archive)] : [.. Tar(archive)];

    /// <summary>What is wrong with the files of a release for a system, a sentence each: none when it is as it should be.</summary>
    /// <param name="entries">The files that the archive has.</param>
    /// <param name="system">The runtime identifier.</param>
    /// <param name="others">The files that every release has: licence, README, studies.</param>
    public static IReadOnlyList<string> Faults(IReadOnlyList<Entry> entries, string system, IEnumerable<string> others)
    {
        string folder = $"lottery-{system}/";
        string[] native = Native(system);
        Dictionary<string, Entry> found = entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        string[] expected = [.. native.Concat(others).Select(name => folder + name)];
        List<string> faults =
        [
            .. expected.Where(path => !found.ContainsKey(path)).Select(path => $"{path} is missing."),
            .. found.Keys.Except(expected).Select(path => $"{path} does not belong there."),
            .. found.Values.Where(entry => entry.Length == 0).Select(entry => $"{entry.Path} is empty."),
        ];
        foreach (string name in native)
        {
            if (found.TryGetValue(folder + name, out Entry? entry) && !entry.Systems.SequenceEqual([system]))
                faults.Add($"{entry.Path} is for {(entry.Systems.Length == 0 ? "no system" : string.Join(" and ", entry.Systems))}, not for {system}.");
        }
        if (!IsWindows(system) && found.TryGetValue(folder + native[0], out Entry? program) && (program.Mode & Executable) != Executable)
            faults.Add($"{program.Path} cannot be executed: its permissions are {Convert.ToString(program.Mode, 8)}.");
        return faults;
    }

    /// <summary>The program, first, and the libraries that are beside it.</summary>
    private static string[] Native(string system) =>
        IsWindows(system) ? ["lottery.exe", "duckdb.dll", "libSkiaSharp.dll"]
        : system.StartsWith("osx", StringComparison.Ordinal) ? ["lottery", "libduckdb.dylib", "libSkiaSharp.dylib"]
        : ["lottery", "libduckdb.so", "libSkiaSharp.so"];

    private static bool IsWindows(string system) => system.StartsWith("win", StringComparison.Ordinal);

    private static IEnumerable<Entry> Zip(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            using Stream content = entry.Open();
            yield return Describe(entry.FullName, entry.ExternalAttributes >> 16 & 0x1FF, content);
        }
    }

    private static IEnumerable<Entry> Tar(string archive)
    {
        using var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(packed);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory) continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new PackagingException($"{entry.Name} in {archive} is a {entry.EntryType}, not a file.");
            yield return Describe(entry.Name, (int)entry.Mode, entry.DataStream ?? Stream.Null);
        }
    }

    private static Entry Describe(string path, int mode, Stream content)
    {
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return new(path, mode, bytes.Length, NativeFile.Systems(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}
