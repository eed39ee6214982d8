using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.UnitTests.Studies;

/// <summary>
/// Every call by which two runs, their study, a job and a snapshot come into a store fails once in every way: nothing incomplete is seen,
/// nothing complete is lost, the work goes on, and the store ends with the same bytes.
/// </summary>
public sealed class StoreFaultTests : IDisposable
{
    private static readonly RunSpecification Dense = MadeUp.Dense(), Ticket = MadeUp.Next(Dense);

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Kill", false)]
    [InlineData("PowerCut", false)]
    [InlineData("Full", false)]
    [InlineData("FullForGood", false)]
    [InlineData("Failure", false)]
    [InlineData("Kill", true)]
    [InlineData("PowerCut", true)]
    [InlineData("FullForGood", true)]
    [InlineData("Failure", true)]
    public void Whatever_call_fails_the_end_is_the_same(string name, bool overlapped)
    {
        DiskFault fault = Enum.Parse<DiskFault>(name);
        bool isEnd = fault is DiskFault.Kill or DiskFault.PowerCut;
        int calls;
        using (var counting = new FaultyDisk(_folder["undisturbed"]))
        {
            Work(Store("undisturbed"), [], overlapped);
            calls = counting.Steps.Count;
        }
        SortedDictionary<string, string> expected = Content("undisturbed");
        Assert.InRange(calls, 100, 400);
        for (int at = 0; at < calls; at++)
        {
            string folder = $"{fault}-{at}";
            var done = new List<string>();
            RunStore store = Store(folder, isEnd ? ProcessIdentity.Own with { Process = int.MaxValue } : null);
            using (var disk = new FaultyDisk(_folder[folder], at, fault))
            {
                Exception? seen = Record.Exception(() => Work(store, done, overlapped));
                string where = $"{fault} at call {at}, {disk.Steps[^1].Call} {disk.Steps[^1].Path}: {seen}";
                // Runs that happen to be finished together need fewer calls.
                Assert.True(disk.HasFailed || (overlapped && at > calls / 2), where);
                Assert.True(isEnd && disk.HasFailed ? seen is ProcessEnded : seen is null or UserException, where);
            }
            if (isEnd) store = Store(folder);
            RequireWhole(store, done);
            Work(store, [], overlapped);
            Assert.Equal(expected, Content(folder));
            Directory.Delete(_folder[folder], recursive: true);
        }
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("Kill")]
    [InlineData("Failure")]
    public void Whatever_call_of_a_removal_fails_the_others_stay(string name)
    {
        DiskFault fault = Enum.Parse<DiskFault>(name);
        for (int at = 0; ; at++)
        {
            string folder = $"{fault}-{at}";
            RunStore store = Store(folder);
            Work(store, []);
            MadeUp.Keep(store, MadeUp.Dense(2));
            bool isOver;
            RunStore remover = Store(folder, ProcessIdentity.Own with { Process = int.MaxValue });
            using (var disk = new FaultyDisk(_folder[folder], at, fault))
            {
                _ = Record.Exception(() => remover.Remove([RunIdentity.Of(Dense)], withDescendants: true));
                _ = Record.Exception(() => remover.CollectGarbage());
                isOver = !disk.HasFailed;
            }
            store.CollectGarbage();
            RequireWhole(store, [RunIdentity.Of(MadeUp.Dense(2))]);
            if (store.List().Length > 1) store.Remove([.. store.List().Where(run => run.Seed == 1).Select(run => run.Id)]);
            Assert.Equal([RunIdentity.Of(MadeUp.Dense(2))], Directory.GetDirectories(store.Paths.Runs).Select(Path.GetFileName));
            Assert.False(Directory.Exists(store.Paths.Removed));
            if (isOver) return;
        }
    }

    private RunStore Store(string folder, ProcessIdentity? process = null) =>
        new(new StorePaths(_folder[folder]) { Claims = new(process ?? ProcessIdentity.Own, new HastyClock()) }) { Initial = MadeUp.Initial, Warn = Note };

    private void Note(string warning)
    {
        // What a power cut leaves of claims is no fault, and what a process says that has ended is not heard.
        if (!warning.Contains("no claim that lottery wrote", StringComparison.Ordinal) && !warning.Contains("are watched", StringComparison.Ordinal)
            && !warning.Contains("not this process's any more", StringComparison.Ordinal))
            _warnings.Add(warning);
    }

    /// <summary>Does the work.</summary>
    /// <param name="store">The store.</param>
    /// <param name="done">Receives the runs that were said to be finished.</param>
    /// <param name="overlapped">Whether a run is finished while the next one is trained.</param>
    private static void Work(RunStore store, List<string> done, bool overlapped = false)
    {
        using ActiveJobSession job = store.BeginJob("two runs", "both", 1, [(Dense, 1), (Ticket, 1)]);
        store.AddToStudy("both", [RunIdentity.Of(Dense), RunIdentity.Of(Ticket)]);
        if (!store.HasSnapshot(Dense, 100)) store.KeepSnapshot(Dense, 100, MadeUp.Result(Dense).Final);
        var failures = new List<Exception>();
        using (RunWriter? writer = overlapped ? new(store, 2) : null)
            foreach (RunSpecification run in (RunSpecification[])[Dense, Ticket])
            {
                using IRunSession session = store.Begin(run, CancellationToken.None);
                if (session.Finished is null)
                {
                    session.Report(MadeUp.Result(run).Evaluations[0]);
                    session.Save(MadeUp.Checkpoint(run, 100));
                    session.Finish(MadeUp.Result(run));
                }
                if (writer is null) done.Add(RunIdentity.Of(run));
                else writer.WhenWritten(RunIdentity.Of(run), end =>
                {
                    lock (failures)
                    {
                        if (end.IsWritten) done.Add(RunIdentity.Of(run));
                        else failures.Add(end.Failure ?? new ProcessEnded());
                    }
                });
            }
        // Where the first fails, the second is not written either.
        Assert.Equal(2, done.Count + failures.Count);
        if (failures.Count > 0) throw failures[0];
        job.Complete();
    }

    private static void RequireWhole(RunStore store, List<string> done)
    {
        string[] listed = [.. store.List().Select(run => run.Id)];
        Assert.Subset(listed.ToHashSet(), done.ToHashSet());
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
        Assert.Equal(listed.Order(), (Directory.Exists(store.Paths.Runs) ? Directory.GetDirectories(store.Paths.Runs) : []).Select(folder => Path.GetFileName(folder)!).Order());
        Assert.DoesNotContain(store.ListActive(), run => listed.Contains(run.Id) || run.Running);
    }

    /// <summary>All files of a store after a collection, without times, which differ.</summary>
    private SortedDictionary<string, string> Content(string folder)
    {
        RunStore store = Store(folder);
        store.CollectGarbage();
        Assert.Equal(2, store.List().Length);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder[folder], "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(_folder[folder], path);
            files[name] = Directory.Exists(path) ? "" : Path.GetFileName(path) switch
            {
                "run.json" => WithoutTimes(JsonNode.Parse(File.ReadAllBytes(path))!.AsObject()),
                "index.bin" => string.Join('\n', IndexFile.Read(File.ReadAllBytes(path), out _).Select(record => record.Id).Order(StringComparer.Ordinal)),
                _ => Convert.ToHexString(File.ReadAllBytes(path)),
            };
        }
        return files;
    }

    private static string WithoutTimes(JsonObject run)
    {
        run.Remove("origin");
        run.Remove("checksum");
        return run.ToJsonString();
    }

    /// <summary>Five seconds pass whenever it is asked, so that what has to expire does.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 5 * TimeSpan.TicksPerSecond);
    }
}
