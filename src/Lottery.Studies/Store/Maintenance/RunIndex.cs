using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// One line for each finished run, so that ten thousand runs are listed without reading ten thousand files.
/// </summary>
/// <remarks>
/// The folders are authoritative, the index is a cache: a line counts if its checksum agrees and its run's files look as they did
/// when it was written. A folder without such a line is read and its line added, a line without a folder is dropped: the index may
/// be deleted at any time. A run that cannot be read is named and left out, with all that come from it.
/// </remarks>
internal sealed class RunIndex(StorePaths paths, Action<string> warn)
{
    /// <summary>So many runs that are left out are named; the others are counted.</summary>
    private const int MostNamed = 10;

    /// <summary>More than the lines of a million runs.</summary>
    private const long MostBytes = int.MaxValue;

    /// <summary>All finished runs that can be read, without their studies.</summary>
    /// <param name="locked">True where the caller holds the store's lock.</param>
    public IReadOnlyList<RunSummary> Read(bool locked = false)
    {
        var problems = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<RunSummary> runs = Link(ReadLines(locked, problems), problems);
        foreach (string problem in problems.Values.Take(MostNamed)) warn(problem);
        if (problems.Count > MostNamed)
            warn($"{problems.Count - MostNamed} more runs in {paths.Root} are left out; `lottery runs verify` names what is damaged.");
        return runs;
    }

    /// <summary>For every folder of a finished run, readable or not, the ids of the runs that it comes from.</summary>
    /// <param name="locked">True where the caller holds the store's lock.</param>
    /// <returns>The ids by the folder's name; <c>Readable</c> is false for a run that is left out of lists.</returns>
    public IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)> ReadAncestors(bool locked)
    {
        Dictionary<string, IndexLine> lines = ReadLines(locked, new Dictionary<string, string>()).ToDictionary(line => line.Id);
        return Folders().ToDictionary(id => id, id => lines.TryGetValue(id, out IndexLine? line)
            ? (true, [.. new[] { line.Run.Parent, line.Run.Ticket, line.SpecificationParent }.OfType<string>().Distinct()])
            : (false, (IReadOnlyList<string>)[.. RunFile.ReadAncestors(Path.Combine(paths.Run(id), StorePaths.RunFile))]));
    }

    /// <summary>Adds the line of a run; the store's lock must be held.</summary>
    public void Append(RunSummary run) => Append([IndexLine.Write(RunFile.Content(run), RunStamp.Of(paths.Run(run.Id)))]);

    /// <summary>Removes the lines of runs; the store's lock must be held.</summary>
    public void Remove(IReadOnlySet<string> ids) => Write(ReadFile(out _).Values.Where(line => !ids.Contains(line.Id)));

    private List<IndexLine> ReadLines(bool locked, IDictionary<string, string> problems)
    {
        IReadOnlyCollection<string> folders = Folders();
        Dictionary<string, IndexLine> lines = ReadFile(out bool clean);
        var fitting = new List<IndexLine>(folders.Count);
        var others = new List<string>();
        foreach ((string id, RunStamp stamp) in InParallel([.. folders], id => (id, RunStamp.Of(paths.Run(id)))))
            if (lines.TryGetValue(id, out IndexLine? line) && line.Files == stamp) fitting.Add(line);
            else others.Add(id);
        clean &= fitting.Count == lines.Count;
        List<IndexLine> added = [.. others.Select(id => ReadFolder(id, problems)).OfType<IndexLine>()];
        List<IndexLine> whole = [.. added.Where(line => line.Run.HasEvaluations)];
        if (!clean) Try(() => Write([.. fitting, .. whole]), locked);
        else if (whole.Count > 0) Try(() => Append(whole.Select(line => line.Json)), locked);
        return [.. fitting, .. added];
    }

    private IReadOnlyCollection<string> Folders() => StoreFolder.NamesIn(paths.Runs);

    private void Write(IEnumerable<IndexLine> lines)
    {
        using var content = new MemoryStream();
        foreach (IndexLine line in lines) content.Write(line.Json.Span);
        DurableFile.Replace(paths.IndexFile, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private void Append(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        using FileStream stream = StoreDisk.Update(paths.IndexFile, create: true);
        using var content = new MemoryStream();
        if (stream.Length > 0 && LastByte(stream) != '\n') content.WriteByte((byte)'\n');
        foreach (ReadOnlyMemory<byte> line in lines) content.Write(line.Span);
        stream.Seek(0, SeekOrigin.End);
        // One write, so that a reader sees a line whole or, at worst, torn at the end.
        StoreDisk.Write(stream, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static int LastByte(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte();
    }

    private Dictionary<string, IndexLine> ReadFile(out bool clean)
    {
        clean = true;
        var lines = new Dictionary<string, IndexLine>();
        if (!Path.Exists(paths.IndexFile)) return lines;
        ReadOnlyMemory<byte> rest;
        try
        {
            rest = StoreErrors.Guard(paths.IndexFile, () => RegularFile.Read(paths.IndexFile, MostBytes));
        }
        catch (InvalidDataException)
        {
            clean = false;
            return lines;
        }
        var texts = new List<ReadOnlyMemory<byte>>();
        while (!rest.IsEmpty)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            texts.Add(end < 0 ? rest : rest[..(end + 1)]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        // The time of a listing is that of reading its lines.
        foreach (IndexLine? line in InParallel(texts, IndexLine.Read)) clean &= line is not null && lines.TryAdd(line.Id, line);
        return lines;
    }

    /// <summary>Reads in parallel, in order. Unlike a parallel query, it goes on where no other thread of the pool is free, as in a server.</summary>
    private static TRead[] InParallel<T, TRead>(IReadOnlyList<T> all, Func<T, TRead> read)
    {
        var results = new TRead[all.Count];
        Parallel.For(0, results.Length, i => results[i] = read(all[i]));
        return results;
    }

    private IndexLine? ReadFolder(string id, IDictionary<string, string> problems)
    {
        try
        {
            var stamp = RunStamp.Of(paths.Run(id));
            JsonObject file = RunFile.Read(Path.Combine(paths.Run(id), StorePaths.RunFile));
            string? damaged = MetricsFile.Check(Path.Combine(paths.Run(id), StorePaths.MetricsFile), RunStages.HashOf(file, StorePaths.MetricsFile));
            if (damaged is not null) problems[id] = $"{damaged[..^1]}; until then, the run is listed without its curves.";
            return IndexLine.Read(IndexLine.Write(RunFile.Content(file), stamp)) is { } line
                ? line with { Run = line.Run with { HasEvaluations = damaged is null } } : null;
        }
        catch (UserException damaged)
        {
            // A run that was removed meanwhile is none.
            if (Path.Exists(paths.Run(id))) problems[id] = damaged.Message;
            return null;
        }
    }

    private List<RunSummary> Link(List<IndexLine> lines, IDictionary<string, string> problems)
    {
        Dictionary<string, IndexLine> byId = lines.ToDictionary(line => line.Id);
        var linked = new Dictionary<string, RunSpecification?>(lines.Count);
        var runs = new List<RunSummary>(lines.Count);
        foreach (IndexLine line in lines)
            if (Specification(line) is { } specification) runs.Add(line.Run with { Specification = specification });
        return runs;

        // From the run up to one that is linked already, and down again: chains may be long.
        RunSpecification? Specification(IndexLine line)
        {
            var chain = new Stack<IndexLine>();
            for (IndexLine? at = line; at is not null && !linked.ContainsKey(at.Id); at = at.SpecificationParent is { } parent ? byId.GetValueOrDefault(parent) : null)
            {
                linked[at.Id] = null;
                chain.Push(at);
            }
            foreach (IndexLine at in chain) linked[at.Id] = Linked(at);
            return linked[line.Id];
        }

        RunSpecification? Linked(IndexLine line)
        {
            if (line.SpecificationParent is not { } parent) return line.Run.Specification;
            if (!byId.ContainsKey(parent))
                problems.TryAdd(line.Id, $"Run {RunIdentity.Short(line.Id)} comes from run {RunIdentity.Short(parent)}, which "
                    + $"{(Path.Exists(paths.Run(parent)) ? "cannot be read" : $"{paths.Root} does not have")}, and is left out with all that come "
                    + "from it; start the search or study again to train the missing run.");
            return linked.GetValueOrDefault(parent) is { } before ? line.Run.Specification with { Parent = before } : null;
        }
    }

    // A store that cannot be written can still be listed.
    private void Try(Action write, bool locked)
    {
        try
        {
            using Claim? held = locked ? null : paths.TakeLock();
            write();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            warn($"The index of the store could not be updated ({refusal.Message.TrimEnd('.')}); listing will be slow.");
        }
    }
}
