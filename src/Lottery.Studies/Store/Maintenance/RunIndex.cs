using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// One line for each finished run, so that ten thousand runs are listed without opening ten thousand files. A line has the
/// members of <c>run.json</c> but for its hashes.
/// </summary>
/// <remarks>
/// The folders are authoritative. A line without a folder is skipped, a folder without a line is read and its line added, a
/// torn line counts as missing: the index may be deleted at any time.
/// </remarks>
internal sealed class RunIndex(StorePaths paths, Action<string> warn)
{
    /// <summary>All finished runs, without their studies; a run whose ancestors cannot be read is left out, with a warning.</summary>
    /// <param name="locked">True where the caller holds the store's lock.</param>
    public IReadOnlyList<RunSummary> Read(bool locked = false) => Link(ReadLines(locked));

    /// <summary>Adds the line of a run; the store's lock must be held.</summary>
    public void Append(RunSummary run) => Append([RunFile.Line(run)]);

    /// <summary>Removes the lines of runs; the store's lock must be held.</summary>
    public void Remove(IReadOnlySet<string> ids) => Write(ReadFile(out _).Values.Where(line => !ids.Contains(line.Id)));

    private List<Line> ReadLines(bool locked)
    {
        if (!Directory.Exists(paths.Runs)) return [];
        HashSet<string> folders = [.. StoreErrors.Guard(paths.Runs,
            () => Directory.EnumerateDirectories(paths.Runs).Select(folder => Path.GetFileName(folder)).ToList())];
        Dictionary<string, Line> lines = ReadFile(out bool clean);
        List<Line> all = [.. lines.Values.Where(line => folders.Contains(line.Id))];
        List<Line> missing = [.. folders.Where(id => !lines.ContainsKey(id)).Select(ReadFolder).OfType<Line>()];
        clean &= all.Count == lines.Count;
        all.AddRange(missing);
        if (!clean) Try(() => Write(all), locked);
        else if (missing.Count > 0) Try(() => Append(missing.Select(line => line.Json)), locked);
        return all;
    }

    private void Write(IEnumerable<Line> lines)
    {
        using var content = new MemoryStream();
        foreach (Line line in lines) content.Write(line.Json.Span);
        DurableFile.Replace(paths.IndexFile, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private void Append(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        using var stream = new FileStream(paths.IndexFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var content = new MemoryStream();
        if (stream.Length > 0 && LastByte(stream) != '\n') content.WriteByte((byte)'\n');
        foreach (ReadOnlyMemory<byte> line in lines) content.Write(line.Span);
        stream.Seek(0, SeekOrigin.End);
        // One write, so that a reader sees a line whole or, at worst, torn at the end.
        stream.Write(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static int LastByte(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte();
    }

    private Dictionary<string, Line> ReadFile(out bool clean)
    {
        clean = true;
        var lines = new Dictionary<string, Line>();
        if (!File.Exists(paths.IndexFile)) return lines;
        ReadOnlyMemory<byte> rest = StoreErrors.Guard(paths.IndexFile, () => DurableFile.Read(paths.IndexFile));
        while (!rest.IsEmpty)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            Line? line = end < 0 ? null : Parse(rest[..(end + 1)]);
            clean &= line is not null && lines.TryAdd(line.Id, line);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return lines;
    }

    private static Line? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            string? parent = null;
            // The parent is another line: it is set when all lines are read.
            var run = RunFile.Summary(document.RootElement, id =>
            {
                parent = id;
                return null!;
            });
            return new(run, parent, json);
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
        {
            return null;
        }
    }

    private Line? ReadFolder(string id)
    {
        string file = Path.Combine(paths.Run(id), StorePaths.RunFile);
        try
        {
            JsonObject json = RunFile.Read(file);
            return Parse(RunFile.Line(json)) ?? throw StoreErrors.Damaged(file, "it does not describe a run");
        }
        catch (UserException damaged)
        {
            warn(damaged.Message);
            return null;
        }
    }

    private List<RunSummary> Link(List<Line> lines)
    {
        Dictionary<string, Line> byId = lines.ToDictionary(line => line.Id);
        var linked = new Dictionary<string, RunSpecification?>(lines.Count);
        var runs = new List<RunSummary>(lines.Count);
        foreach (Line line in lines)
            if (Specification(line) is { } specification) runs.Add(line.Run with { Specification = specification });
        return runs;

        RunSpecification? Specification(Line line)
        {
            if (line.SpecificationParent is not { } parent) return line.Run.Specification;
            if (linked.TryGetValue(line.Id, out RunSpecification? known)) return known;
            RunSpecification? before = null;
            if (byId.TryGetValue(parent, out Line? above)) before = Specification(above);
            else
                warn($"Run {RunIdentity.Short(line.Id)} comes from run {RunIdentity.Short(parent)}, which {paths.Root} does not have, "
                    + "and is left out with all that come from it; start the search or study again to train the missing run.");
            return linked[line.Id] = before is null ? null : line.Run.Specification with { Parent = before };
        }
    }

    // A store that cannot be written can still be listed.
    private void Try(Action write, bool locked)
    {
        try
        {
            using FileLock? held = locked ? null : FileLock.Take(paths.LockFile);
            write();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            warn($"The index of the store could not be updated ({refusal.Message.TrimEnd('.')}); listing will be slow.");
        }
    }

    /// <summary>A line of the index.</summary>
    /// <param name="Run">What it states; its specification still lacks the parent.</param>
    /// <param name="SpecificationParent">The id of that parent; null at level 0.</param>
    /// <param name="Json">Its bytes, with the newline.</param>
    private sealed record Line(RunSummary Run, string? SpecificationParent, ReadOnlyMemory<byte> Json)
    {
        public string Id => Run.Id;
    }
}
