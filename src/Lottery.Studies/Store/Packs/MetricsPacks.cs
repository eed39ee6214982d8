using System.Collections.Immutable;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Studies.Store.Packs;

/// <summary>Where the evaluations of runs are read from.</summary>
/// <param name="Packs">Packs, each with the ids in it that must be left out: of runs that are gone, or whose rows another pack has.</param>
/// <param name="Others">The runs that are in no pack.</param>
internal sealed record MetricsPlaces(ImmutableArray<(PackFile Pack, ImmutableArray<string> LeftOut)> Packs, ImmutableArray<RunSummary> Others);

/// <summary>
/// The evaluations of finished runs in few large files, so that a query need not open a hundred thousand. They are a cache, like the
/// index: a pack counts if it is what was written, and a run in it if its own file has the hash that it had then. So nothing has to be locked,
/// and all of it may be deleted at any time.
/// </summary>
/// <param name="paths">The paths of the store.</param>
/// <param name="warn">Receives a sentence where packs cannot be written.</param>
/// <param name="said">Receives a sentence before a work that takes long.</param>
internal sealed class MetricsPacks(StorePaths paths, Action<string> warn, Action<string> said)
{
    private const int RunsOfPack = 4_000, Notable = 10_000, MostRowsOfPack = 1_000_000;

    /// <summary>Where the evaluations of <paramref name="runs"/> are; packs are written where many runs are in none.</summary>
    /// <param name="runs">Runs of the store's list that have evaluations.</param>
    /// <param name="most">So many may be in no pack.</param>
    /// <param name="areAll">Whether there are no others: packs that are mostly of runs that are gone are replaced.</param>
    public MetricsPlaces Find(IReadOnlyList<RunSummary> runs, int most, bool areAll)
    {
        MetricsPlaces places = Places(runs, PackFile.ReadAll(paths.Packs), areAll, out ImmutableArray<PackFile> useless);
        if (places.Others.Length <= most && useless.IsEmpty) return places;
        try
        {
            foreach (PackFile pack in useless) pack.Remove();
            if (places.Others.Length > most) places = places with { Packs = [.. places.Packs, .. Write(places.Others, out ImmutableArray<RunSummary> left)], Others = left };
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            warn($"The evaluations of {places.Others.Length} runs could not be put together in {paths.Packs} ({refusal.Message.TrimEnd('.')}); reading them one by one takes longer.");
        }
        return places;
    }

    /// <summary>Reads the evaluations of <paramref name="runs"/> that are in packs, which are written as <see cref="Find"/> does.</summary>
    /// <param name="runs">Some of the runs of the store's list that have evaluations.</param>
    /// <param name="most">So many may be in no pack.</param>
    /// <param name="read">Receives the id and the rows of a run; called by several threads at once.</param>
    public void Read(IReadOnlyList<RunSummary> runs, int most, Action<string, MetricsTable> read)
    {
        HashSet<string> wanted = [.. runs.Select(run => run.Id)];
        MetricsPlaces places = Find(runs, most, areAll: false);
        wanted.ExceptWith(places.Others.Select(run => run.Id));
        InParallel.Each(places.Packs, place =>
        {
            HashSet<string> leftOut = [.. place.LeftOut];
            try
            {
                foreach ((string id, MetricsTable rows) in place.Pack.ReadTable())
                    if (wanted.Contains(id) && !leftOut.Contains(id)) read(id, rows);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Another process has replaced it: its runs are read from their own files.
            }
            return 0;
        });
    }

    /// <summary>Removes what a crash left of packs.</summary>
    /// <returns>The bytes of the files that were removed.</returns>
    public static long Collect(StorePaths paths) => !StoreFolder.IsOwn(paths.Packs) ? 0
        : PackFile.Halves(paths.Packs).Sum(StoreFolder.RemoveFile);

    private static MetricsPlaces Places(IReadOnlyList<RunSummary> runs, ImmutableArray<PackFile> packs, bool areAll, out ImmutableArray<PackFile> useless)
    {
        Dictionary<string, RunSummary> others = runs.ToDictionary(run => run.Id);
        var useful = ImmutableArray.CreateBuilder<(PackFile, ImmutableArray<string>)>();
        var removed = ImmutableArray.CreateBuilder<PackFile>();
        foreach (PackFile pack in packs)
        {
            PackedRun[] read = [.. pack.Runs.Where(run => others.TryGetValue(run.Id, out RunSummary? known) && known.EvaluationsSha256 == run.Evaluations)];
            // One that is mostly of runs that are gone is replaced by one of those that are there.
            if (pack.Runs.IsEmpty || (areAll && 2 * read.Length < pack.Runs.Length))
            {
                removed.Add(pack);
                continue;
            }
            if (read.Length == 0) continue;
            foreach (PackedRun run in read) others.Remove(run.Id);
            HashSet<string> ids = [.. read.Select(run => run.Id)];
            useful.Add((pack, [.. pack.Runs.Select(run => run.Id).Where(id => !ids.Contains(id))]));
        }
        useless = removed.ToImmutable();
        return new(useful.ToImmutable(), [.. runs.Where(run => others.ContainsKey(run.Id))]);
    }

    private List<(PackFile, ImmutableArray<string>)> Write(ImmutableArray<RunSummary> runs, out ImmutableArray<RunSummary> left)
    {
        if (runs.Length >= Notable) said($"The evaluations of {runs.Length} runs are put together once, so that queries and reports are quick from now on.");
        var packs = new List<(PackFile, ImmutableArray<string>)>();
        var unreadable = ImmutableArray.CreateBuilder<RunSummary>();
        foreach (RunSummary[] part in runs.OrderBy(run => run.Id, StringComparer.Ordinal).Chunk(RunsOfPack))
        {
            (RunSummary Run, MetricsTable? Rows)[] read = InParallel.Each(part, run => (run, Read(run)));
            unreadable.AddRange(read.Where(one => one.Rows is null).Select(one => one.Run));
            var pack = new List<(RunSummary Run, MetricsTable Rows)>();
            long rows = 0;
            foreach ((RunSummary run, MetricsTable? table) in read)
            {
                if (table is null) continue;
                pack.Add((run, table));
                if ((rows += table.Steps.Length) > MostRowsOfPack) Keep();
            }
            if (pack.Count > 0) Keep();

            void Keep()
            {
                packs.Add((PackFile.Keep(paths.Packs, PackFile.WriteTable([.. pack.Select(one => (one.Run.Id, one.Rows))]),
                    [.. pack.Select(one => new PackedRun(one.Run.Id, one.Run.EvaluationsSha256!, one.Rows.Steps.Length))]), []));
                pack.Clear();
                rows = 0;
            }
        }
        left = unreadable.ToImmutable();
        return packs;
    }

    private MetricsTable? Read(RunSummary run)
    {
        try
        {
            return MetricsFile.ReadTable(Path.Combine(paths.Run(run.Id), StorePaths.MetricsFile), run.EvaluationsSha256!);
        }
        catch (UserException)
        {
            return null;
        }
    }
}
