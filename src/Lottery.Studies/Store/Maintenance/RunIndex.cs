using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// One record for each finished run, so that a hundred thousand runs are listed without reading a hundred thousand files.
/// </summary>
/// <remarks>
/// The folders are authoritative, the index is a cache: a record counts if its checksum agrees and its run's files look as they did
/// when it was written. A folder without such a record is read and its record added, a record without a folder is dropped: the index may
/// be deleted at any time. A run that cannot be read is named and left out, with all that come from it.
/// </remarks>
internal sealed class RunIndex(StorePaths paths, Action<string> warn)
{
    /// <summary>So many runs that are left out are named; the others are counted.</summary>
    private const int MostNamed = 10;

    /// <summary>More than the records of three million runs.</summary>
    private const long MostBytes = int.MaxValue;

    /// <summary>What this process knows that records share and the file has; where another process dropped it, the records are read from the folders.</summary>
    private readonly HashSet<UInt128> _shared = [];

    /// <summary>All finished runs that can be read.</summary>
    /// <param name="locked">True where the caller holds the store's lock.</param>
    /// <param name="studies">The studies of runs by their ids; null to leave them out.</param>
    public RunSummary[] Read(bool locked = false, IReadOnlyDictionary<string, ImmutableArray<string>>? studies = null)
    {
        var problems = new SortedDictionary<string, string>(StringComparer.Ordinal);
        RunSummary[] runs = Link(ReadLines(locked, problems), studies, problems);
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
        Dictionary<string, IndexRecord> lines = ReadLines(locked, new Dictionary<string, string>()).ToDictionary(line => line.Id);
        return Folders().ToDictionary(id => id, id => lines.TryGetValue(id, out IndexRecord? line)
            ? (true, [.. new[] { line.Run.Parent, line.Run.Ticket, line.SpecificationParent }.OfType<string>().Distinct()])
            : (false, (IReadOnlyList<string>)[.. RunFile.ReadAncestors(Path.Combine(paths.Run(id), StorePaths.RunFile))]));
    }

    /// <summary>Adds the records of runs; the store's lock must be held.</summary>
    public void Append(IEnumerable<RunSummary> runs) =>
        Append((IndexRecord[])[.. runs.Select(run => IndexRecord.Of(run, RunIdentity.Describe(run.Specification), RunStamp.Of(paths.Run(run.Id))))]);

    /// <summary>Removes the records of runs; the store's lock must be held.</summary>
    public void Remove(IReadOnlySet<string> ids) => Write(ReadFile(out _).Values.Where(line => !ids.Contains(line.Id)));

    private List<IndexRecord> ReadLines(bool locked, IDictionary<string, string> problems)
    {
        IReadOnlyCollection<string> folders = Folders();
        Dictionary<string, IndexRecord> lines = ReadFile(out bool clean);
        var fitting = new List<IndexRecord>(folders.Count);
        var others = new List<string>();
        foreach ((string id, RunStamp stamp) in InParallel.Each([.. folders], id => (id, RunStamp.Of(paths.Run(id)))))
            if (lines.TryGetValue(id, out IndexRecord? line) && line.Files == stamp) fitting.Add(line);
            else others.Add(id);
        clean &= fitting.Count == lines.Count;
        (IndexRecord? Line, string? Problem)[] read = InParallel.Each(others, ReadFolder);
        foreach ((string id, (_, string? problem)) in others.Zip(read))
            if (problem is not null) problems[id] = problem;
        List<IndexRecord> added = [.. read.Select(one => one.Line).OfType<IndexRecord>()];
        List<IndexRecord> whole = [.. added.Where(line => line.Run.HasEvaluations)];
        if (!clean) Try(() => Write([.. fitting, .. whole]), locked);
        else if (whole.Count > 0) Try(() => Append([.. whole]), locked);
        return [.. fitting, .. added];
    }

    private IReadOnlyCollection<string> Folders() => StoreFolder.NamesIn(paths.Runs);

    private void Write(IEnumerable<IndexRecord> records)
    {
        using var content = new MemoryStream();
        content.Write(IndexFile.Head);
        var written = new HashSet<UInt128>();
        foreach (IndexRecord record in records) Write(content, record, written);
        DurableFile.Replace(paths.IndexFile, file => StoreDisk.Write(file, content.GetBuffer().AsSpan(0, (int)content.Length)));
        lock (_shared)
        {
            _shared.Clear();
            _shared.UnionWith(written);
        }
    }

    private void Append(IndexRecord[] records)
    {
        using FileStream stream = StoreDisk.Update(paths.IndexFile, create: true);
        using var content = new MemoryStream();
        lock (_shared)
        {
            if (stream.Length == 0)
            {
                _shared.Clear();
                content.Write(IndexFile.Head);
            }
            foreach (IndexRecord record in records) Write(content, record, _shared);
        }
        stream.Seek(0, SeekOrigin.End);
        // One write, so that a reader sees a record whole or, at worst, torn at the end.
        StoreDisk.Write(stream, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Writes a record, and before it what it shares with others unless that was written.</summary>
    private static void Write(MemoryStream to, IndexRecord record, HashSet<UInt128> written)
    {
        if (written.Add(record.Shared.Key)) to.Write(IndexFile.Write(record.Shared));
        to.Write(IndexFile.Write(record));
    }

    private Dictionary<string, IndexRecord> ReadFile(out bool clean)
    {
        clean = true;
        var records = new Dictionary<string, IndexRecord>();
        if (!Path.Exists(paths.IndexFile)) return records;
        try
        {
            ReadOnlyMemory<byte> file = StoreErrors.Guard(paths.IndexFile, () => RegularFile.Read(paths.IndexFile, MostBytes));
            foreach (IndexRecord record in IndexFile.Read(file, out clean)) clean &= records.TryAdd(record.Id, record);
        }
        catch (InvalidDataException)
        {
            clean = false;
        }
        return records;
    }

    private (IndexRecord? Line, string? Problem) ReadFolder(string id)
    {
        try
        {
            var stamp = RunStamp.Of(paths.Run(id));
            JsonObject file = RunFile.Read(Path.Combine(paths.Run(id), StorePaths.RunFile));
            string hash = RunStages.HashOf(file, StorePaths.MetricsFile);
            string? damaged = MetricsFile.Check(Path.Combine(paths.Run(id), StorePaths.MetricsFile), hash);
            RunSummary run = RunFile.Summary(file, _ => null!) with { EvaluationsSha256 = hash, HasEvaluations = damaged is null };
            return (IndexRecord.Of(run, file["specification"]!.AsObject(), stamp),
                damaged is null ? null : $"{damaged[..^1]}; until then, the run is listed without its curves.");
        }
        catch (UserException damaged)
        {
            // A run that was removed meanwhile is none.
            return (null, Path.Exists(paths.Run(id)) ? damaged.Message : null);
        }
    }

    private RunSummary[] Link(List<IndexRecord> lines, IReadOnlyDictionary<string, ImmutableArray<string>>? studies, IDictionary<string, string> problems)
    {
        Dictionary<string, IndexRecord> byId = lines.ToDictionary(line => line.Id);
        var linked = new Dictionary<string, RunSpecification?>(lines.Count);
        (IndexRecord Line, RunSpecification Run)[] whole = [.. lines.Select(line => (line, Run: Specification(line)!)).Where(one => one.Run is not null)];
        return InParallel.Each(whole, one => one.Line.Run with
        {
            Specification = one.Run, Studies = studies?.GetValueOrDefault(one.Line.Id) is { IsDefault: false } names ? names : [],
        });

        // From the run up to one that is linked already, and down again: chains may be long.
        RunSpecification? Specification(IndexRecord line)
        {
            if (linked.TryGetValue(line.Id, out RunSpecification? known)) return known;
            var chain = new Stack<IndexRecord>();
            for (IndexRecord? at = line; at is not null && !linked.ContainsKey(at.Id); at = at.SpecificationParent is { } parent ? byId.GetValueOrDefault(parent) : null)
            {
                linked[at.Id] = null;
                chain.Push(at);
            }
            foreach (IndexRecord at in chain) linked[at.Id] = Linked(at);
            return linked[line.Id];
        }

        RunSpecification? Linked(IndexRecord line)
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
