using System.Diagnostics;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Torture;

/// <summary>Real studies whose processes are killed, stopped and multiplied; every part ends with the bytes of an undisturbed study.</summary>
/// <param name="folder">An empty folder.</param>
/// <param name="seed">Of the moments at which processes are killed.</param>
internal sealed class TortureTest(string folder, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<TortureStudy, SortedDictionary<string, string>> _undisturbed = [];
    private long _bytes;
    private int _stores;

    /// <summary>Files of finished stores that were compared with those of the undisturbed one.</summary>
    public int FilesCompared { get; private set; }

    /// <summary>Their bytes.</summary>
    public long BytesCompared => _bytes;

    /// <summary>A study of short runs.</summary>
    public TortureStudy Short { get; } = new(folder, "short", replicates: 3, levels: 4, steps: 60);

    /// <summary>A study of runs that write checkpoints on their way.</summary>
    public TortureStudy Long { get; } = new(folder, "long", replicates: 1, levels: 1, steps: 100_000);

    /// <summary>A study of many runs that can be trained at the same time, each much longer than what the store adds to it.</summary>
    public TortureStudy Wide { get; } = new(folder, "wide", replicates: 16, levels: 1, steps: 10_000);

    /// <summary>A study of a few short runs.</summary>
    public TortureStudy Tiny { get; } = new(folder, "tiny", replicates: 1, levels: 1, steps: 20);

    /// <summary>Kills the one worker on a study at random calls of its store and between them, and starts it again, until it was killed so often.</summary>
    /// <returns>How often the study was completed on the way.</returns>
    public int Kill(TortureStudy study, int kills)
    {
        int calls = Calls(study), completed = 0;
        string store = NewStore();
        HashSet<string> whole = [];
        for (int killed = 0; killed < kills;)
        {
            // Half of the kills come at a call, the other half somewhat later, in the middle of training.
            using var worker = WorkerProcess.Start(study, store, at: 1 + _random.Next(calls / 2), later: _random.Next(2) == 0 ? 0 : 1 + _random.Next(300));
            bool isComplete = worker.Wait();
            StoreState.RequireWhole(store, whole);
            if (!isComplete) killed++;
            if (!isComplete) continue;
            Compare(study, store);
            completed++;
            store = NewStore();
            whole.Clear();
        }
        Complete(study, store);
        return completed + 1;
    }

    /// <summary>Kills a worker on a tiny study once at every call of its store.</summary>
    /// <param name="every">How many calls lie between two that are tried.</param>
    /// <returns>The calls that were tried.</returns>
    public int KillAtEveryCall(int every = 1)
    {
        int calls = Calls(Tiny), tried = 0;
        for (int at = 1; at <= calls; at += every)
        {
            string store = NewStore();
            // A worker that is slow says now and then that it is alive, so that the number of calls is not always the same.
            using (var worker = WorkerProcess.Start(Tiny, store, at))
                if (worker.Wait()) tried--;
            StoreState.RequireWhole(store, new HashSet<string>());
            Complete(Tiny, store);
            tried++;
        }
        return tried;
    }

    /// <summary>Lets several workers complete a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="workers">How many.</param>
    /// <param name="kills">How many of them are killed, each at a random call, and replaced.</param>
    /// <returns>The time that it took, and how often more than once a run was trained.</returns>
    public (TimeSpan Time, int Twice) Share(TortureStudy study, int workers, int kills)
    {
        int calls = Calls(study);
        string store = NewStore();
        var watch = Stopwatch.StartNew();
        List<WorkerProcess> all = [.. Enumerable.Range(0, workers)
            .Select(i => WorkerProcess.Start(study, store, at: i < kills ? 1 + _random.Next(calls / workers) : 0))];
        foreach (WorkerProcess worker in all)
            using (worker) worker.Wait();
        TimeSpan time = watch.Elapsed;
        string[] trained = StoreState.Trained(store);
        int twice = trained.Length - trained.Distinct().Count();
        if (kills == 0 && trained.Length != study.Runs) throw new TortureException($"{workers} workers trained {trained.Length} runs of {study.Runs}.");
        if (twice > kills) throw new TortureException($"{twice} runs were trained twice, and {kills} workers were killed.");
        StoreState.RequireWhole(store, new HashSet<string>());
        if (new RunStore(store).List().Length != study.Runs) throw new TortureException($"{store} has not all {study.Runs} runs.");
        Compare(study, store);
        return (time, twice);
    }

    /// <summary>Stops a worker in the middle of a run, lets another one complete all else and wait, and lets the first one go on.</summary>
    public void StopAndContinue()
    {
        string store = NewStore();
        using var stopped = WorkerProcess.Start(Long, store);
        string[] held = UntilHeld(store, stopped);
        Signals.Stop(stopped.Id);
        held = Held(store) is { Length: > 0 } now ? now : held;
        using var other = WorkerProcess.Start(Long, store);
        while (!other.Said.Contains("waiting for them", StringComparison.Ordinal))
        {
            if (other.HasEnded) throw new TortureException($"A worker did not wait for one that was stopped. {other.Said}");
            Thread.Sleep(5);
        }
        StorePaths paths = new RunStore(store).Paths;
        if (held.Any(id => !paths.Claims.IsHeld(paths.Claim(id)))) throw new TortureException("The claim of a stopped process was not held.");
        if (StoreState.Trained(store).Intersect(held).Any()) throw new TortureException("The run of a stopped process was trained by another one.");
        Signals.Continue(stopped.Id);
        if (!stopped.Wait() | !other.Wait()) throw new TortureException("A worker was killed.");
        RequireOnce(Long, store);
        Compare(Long, store);
    }

    /// <summary>Kills a worker that says to be on another machine, in the middle of a run, and lets one of this machine complete the study.</summary>
    /// <returns>How long that took: the dead one's claim has to expire.</returns>
    public TimeSpan LoseMachine()
    {
        string store = NewStore();
        using (var dead = WorkerProcess.Start(Long, store, host: "node7"))
        {
            UntilHeld(store, dead);
            dead.Kill();
        }
        var watch = Stopwatch.StartNew();
        Complete(Long, store);
        return watch.Elapsed;
    }

    private string NewStore() => Path.Combine(folder, FormattableString.Invariant($"store-{++_stores}"));

    private int Calls(TortureStudy study)
    {
        _ = Undisturbed(study);
        return StoreState.Calls(Path.Combine(folder, $"undisturbed-{study.Name}"));
    }

    private SortedDictionary<string, string> Undisturbed(TortureStudy study)
    {
        if (_undisturbed.TryGetValue(study, out SortedDictionary<string, string>? known)) return known;
        string store = Path.Combine(folder, $"undisturbed-{study.Name}");
        using (var worker = WorkerProcess.Start(study, store)) worker.Wait();
        RequireOnce(study, store);
        long bytes = 0;
        return _undisturbed[study] = StoreState.Content(store, ref bytes);
    }

    private void Complete(TortureStudy study, string store)
    {
        using (var worker = WorkerProcess.Start(study, store))
            if (!worker.Wait()) throw new TortureException("A worker was killed.");
        Compare(study, store);
    }

    private void Compare(TortureStudy study, string store)
    {
        SortedDictionary<string, string> content = StoreState.Content(store, ref _bytes);
        StoreState.RequireSame(Undisturbed(study), content, store);
        FilesCompared += content.Values.Count(hash => hash.Length > 0);
        Directory.Delete(store, recursive: true);
        File.Delete(TortureStudy.LogOf(store));
    }

    private static void RequireOnce(TortureStudy study, string store)
    {
        string[] trained = StoreState.Trained(store);
        if (trained.Length != study.Runs || trained.Distinct().Count() != study.Runs)
            throw new TortureException($"{trained.Length} times a run was trained, {trained.Distinct().Count()} different ones, of {study.Runs}.");
    }

    private static string[] UntilHeld(string store, WorkerProcess worker)
    {
        while (true)
        {
            if (Held(store) is { Length: > 0 } held) return held;
            if (worker.HasEnded) throw new TortureException("A worker ended before it was seen to train.");
            Thread.Sleep(1);
        }
    }

    private static string[] Held(string store)
    {
        string active = Path.Combine(store, "active");
        return Directory.Exists(active)
            ? [.. Directory.GetDirectories(active).Where(run => File.Exists(Path.Combine(run, "claim.json"))).Select(run => Path.GetFileName(run)).Where(RunIdentity.IsId)]
            : [];
    }
}
