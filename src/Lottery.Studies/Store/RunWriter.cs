using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store;

/// <summary>
/// Finishes trained runs on a thread of its own, so that the threads that trained them need not wait for the disk. While it is there,
/// <see cref="IRunSession.Finish"/> of its store only hands the run over.
/// </summary>
/// <remarks>
/// Runs are finished one after the other, in the order in which they were trained, and none before the run that it comes from is in the
/// store; their claims are held until then. What is on its way is found in the store by this process, and by no other. The names of
/// several runs that do not come from each other are flushed together, and their records are added to the index together.
/// </remarks>
internal sealed class RunWriter : IDisposable
{
    private readonly object _lock = new();
    private readonly RunStore _store;
    private readonly int _most;
    private readonly Thread _thread;
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Dictionary<string, Exception> _failed = [];
    private ImmutableArray<Entry> _waiting = [];
    private int _unwritten;
    private bool _isClosed;

    /// <summary>Begins to finish the runs of a store that has no writer yet.</summary>
    /// <param name="store">The store.</param>
    /// <param name="most">So many runs are on their way at once; who has another one waits.</param>
    public RunWriter(RunStore store, int most)
    {
        (_store, _most, store.Writer) = (store, most, this);
        _thread = new(Work) { Name = "writer" };
        _thread.Start();
    }

    /// <summary>How many runs may be on their way where so many are trained at once: one is written, and another one waits.</summary>
    public static int MostOf(int jobs) => 2 * jobs;

    /// <summary>Takes over a run and its claim; waits while too many are on their way.</summary>
    /// <returns>False where the writer was closed meanwhile, so that nothing was taken over.</returns>
    public bool TryAdd(RunSession session, RunResult result)
    {
        lock (_lock)
        {
            while (_unwritten >= _most && !_isClosed) Monitor.Wait(_lock);
            if (_isClosed) return false;
            _unwritten++;
            Entry entry = _entries[session.Id] = new(session, result);
            _waiting = _waiting.Add(entry);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>A run on its way; null where it is not.</summary>
    public RunResult? Find(RunSpecification run)
    {
        lock (_lock) return _entries.TryGetValue(RunIdentity.Of(run), out Entry? entry) && entry.Result is { } result ? result with { Specification = run } : null;
    }

    /// <summary>Says what becomes of a run: on the writer's thread if it is on its way, at once if it is not.</summary>
    /// <param name="id">The run.</param>
    /// <param name="then">Receives it, when the claim is given back; it must not throw.</param>
    public void WhenWritten(string id, Action<RunEnd> then)
    {
        Entry? entry;
        lock (_lock)
        {
            if (_entries.TryGetValue(id, out entry) && entry.End is null)
            {
                entry.Then = then;
                return;
            }
            _entries.Remove(id);
        }
        then(entry?.End ?? RunEnd.Written);
    }

    /// <summary>Returns when no run is on its way.</summary>
    public void Drain()
    {
        lock (_lock)
            while (_unwritten > 0) Monitor.Wait(_lock);
    }

    /// <summary>Finishes what is on its way; later runs are finished by those who trained them.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
        _thread.Join();
        _store.Writer = null;
    }

    private void Work()
    {
        while (Take() is { IsEmpty: false } entries)
        {
            Write(entries);
            foreach (Entry entry in entries) Close(entry);
            foreach (Entry entry in entries) Report(entry);
        }
    }

    private ImmutableArray<Entry> Take()
    {
        lock (_lock)
        {
            while (_waiting.IsEmpty && !_isClosed) Monitor.Wait(_lock);
            (ImmutableArray<Entry> taken, _waiting) = (_waiting, []);
            return taken;
        }
    }

    private void Write(ImmutableArray<Entry> entries)
    {
        var named = new List<Entry>();
        var done = new List<Entry>();
        try
        {
            foreach (Entry entry in entries)
            {
                // A power cut must not leave a run without the one that it comes from.
                if (named.Any(before => before.Session.Id == entry.Parent)) Flush();
                Name(entry);
                if (entry.Summary is not null) named.Add(entry);
            }
            Flush();
            if (done.Count > 0) StoreErrors.Guard(_store.Paths.IndexFile, () => RunSession.Leave(_store, [.. done.Select(entry => (entry.Session, entry.Summary!))]));
        }
        catch (Exception failure)
        {
            // The names may be on the disk or not: the next command finds out.
            foreach (Entry entry in entries.Where(entry => !entry.IsLost && entry.Failure is null)) Fail(entry, failure);
        }

        void Flush()
        {
            if (named.Count > 0) StoreErrors.Guard(_store.Paths.Runs, () => StoreDisk.FlushFolder(_store.Paths.Runs));
            done.AddRange(named);
            named.Clear();
        }
    }

    /// <summary>Writes a run and gives its folder the final name.</summary>
    private void Name(Entry entry)
    {
        try
        {
            _failed.Remove(entry.Session.Id);
            bool hasParent = entry.Parent is not { } parent || Directory.Exists(_store.Paths.Run(parent));
            if (!hasParent && _failed.TryGetValue(entry.Parent!, out Exception? cause)) Fail(entry, cause);
            else if (hasParent) entry.Summary = entry.Session.Publish(entry.Result!);
            entry.IsLost = entry.Failure is null && entry.Summary is null;
        }
        catch (Exception failure)
        {
            Fail(entry, failure);
        }
    }

    private void Close(Entry entry)
    {
        try
        {
            entry.Session.Close();
        }
        catch (Exception failure)
        {
            Fail(entry, failure);
        }
    }

    private void Fail(Entry entry, Exception failure)
    {
        (entry.Failure, entry.Summary) = (failure, null);
        _failed[entry.Session.Id] = failure;
    }

    private void Report(Entry entry)
    {
        var end = new RunEnd(entry.Summary is not null, entry.Failure);
        Action<RunEnd>? then;
        lock (_lock)
        {
            (entry.End, entry.Result, then) = (end, null, entry.Then);
            if (then is not null) _entries.Remove(entry.Session.Id);
        }
        then?.Invoke(end);
        lock (_lock)
        {
            _unwritten--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A run on its way.</summary>
    private sealed class Entry(RunSession session, RunResult result)
    {
        public RunSession Session { get; } = session;

        public string? Parent { get; } = result.Specification.Parent is { } parent ? RunIdentity.Of(parent) : null;

        public RunResult? Result { get; set; } = result;

        /// <summary>Set when its folder has the final name.</summary>
        public RunSummary? Summary { get; set; }

        public Exception? Failure { get; set; }

        /// <summary>True if another process has taken over the run, or one that it comes from.</summary>
        public bool IsLost { get; set; }

        public RunEnd? End { get; set; }

        public Action<RunEnd>? Then { get; set; }
    }
}

/// <summary>What became of a trained run.</summary>
/// <param name="IsWritten">True if it is in the store.</param>
/// <param name="Failure">
/// Why it is not. Null where another process has taken over this run or one that it comes from: then it has to be completed again.
/// </param>
internal sealed record RunEnd(bool IsWritten, Exception? Failure)
{
    /// <summary>It is in the store.</summary>
    public static RunEnd Written { get; } = new(true, null);
}
