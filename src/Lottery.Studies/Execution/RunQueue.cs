using System.Collections.Immutable;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Execution;

/// <summary>The order of runs: which one is next, and how many threads it gets. Safe for several threads.</summary>
internal sealed class RunQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>So many ready runs are looked at for one that fits.</summary>
    private const int MostPassed = 32;

    private readonly object _lock = new();
    private readonly List<Node> _nodes = [];
    private readonly PriorityQueue<Node, (int, int, int, int)> _ready = new();
    private readonly List<Node> _elsewhere = [];
    private readonly MemoryBudget _memory;
    private int _unsettled, _free;
    private long _freeBytes;
    private bool _closed, _hasWaited;

    /// <summary>The order of some runs.</summary>
    /// <param name="tasks">The runs.</param>
    /// <param name="threads">Threads in all.</param>
    /// <param name="memory">The memory for active runs; null for no limit. A run that is alone gets what it takes.</param>
    public RunQueue(IEnumerable<RunTask> tasks, int threads, MemoryBudget? memory = null)
    {
        _memory = memory ?? new(long.MaxValue, (_, _) => 0);
        _free = threads;
        _freeBytes = _memory.Bytes;
        var byId = new Dictionary<string, Node>();
        foreach (RunTask task in tasks)
        {
            var node = new Node(task, RunIdentity.Of(task.Run), _nodes.Count);
            if (byId.TryAdd(node.Id, node)) _nodes.Add(node);
        }
        foreach (Node node in _nodes)
            if (node.Task.Run.Parent is { } parent && byId.TryGetValue(RunIdentity.Of(parent), out node.Parent))
                node.Parent.Children.Add(node);
        foreach (Node node in _nodes.OrderByDescending(node => Depth(node)))
            if (node.Parent is { } parent) parent.Height = Math.Max(parent.Height, node.Height + 1);
        _unsettled = _nodes.Count;
        foreach (Node node in _nodes.Where(node => node.Parent is null)) Ready(node);
    }

    /// <summary>See <see cref="RunExecutor.Waiting"/>.</summary>
    public Action? Waiting { get; init; }

    public int Count => _nodes.Count;

    /// <summary>The most memory that active runs had at once.</summary>
    public long MostBytes { get; private set; }

    /// <summary>True if <see cref="Take"/> has a run at once.</summary>
    public bool HasReady
    {
        get
        {
            lock (_lock) return !_closed && _free > 0 && _ready.Count > 0;
        }
    }

    public ImmutableArray<RunOutcome> Outcomes =>
        [.. _nodes.Select(node => node.Outcome)];

    /// <summary>Waits for the next run that is ready; null when there will be none.</summary>
    public Node? Take()
    {
        lock (_lock)
        {
            while (true)
            {
                if (_closed || _unsettled == 0) return null;
                Retry();
                if (_free > 0 && TakeReady() is { } node) return node;
                if (_elsewhere.Count == 0)
                {
                    Monitor.Wait(_lock);
                    continue;
                }
                if (!_hasWaited && _free > 0) Waiting?.Invoke();
                _hasWaited |= _free > 0;
                Monitor.Wait(_lock, FirstPause);
            }
        }
    }

    /// <summary>
    /// Takes back a run that another process has: it is handed out again after a while, unless the run that it comes from has failed
    /// meanwhile.
    /// </summary>
    /// <returns>The runs that are skipped then.</returns>
    public ImmutableArray<RunOutcome> PutBack(Node node)
    {
        lock (_lock)
        {
            if (node.FailedAbove is { } cause) return Settle(node, RunState.Skipped, null, cause);
            Release(node);
            node.IsBegun = false;
            node.Pause = node.Pause == TimeSpan.Zero ? FirstPause : node.Pause * 2 < LongestPause ? node.Pause * 2 : LongestPause;
            node.NotBefore = TimeProvider.System.GetTimestamp() + (long)(node.Pause.TotalSeconds * TimeProvider.System.TimestampFrequency);
            _elsewhere.Add(node);
            if (DebugLog.IsOn) DebugLog.Write("scheduler", $"another process has {node}; it is tried again in {node.Pause.TotalMilliseconds:0} ms");
            Monitor.PulseAll(_lock);
            return [];
        }
    }

    /// <summary>Records that a run is trained and on its way into the store: its threads are free, and its children are ready.</summary>
    public void Trained(Node node)
    {
        lock (_lock)
        {
            _free += node.Threads;
            node.Threads = 0;
            long written = Math.Min(node.Bytes, RunMemory.OfTrained(node.Task.Run));
            (_freeBytes, node.Bytes) = (_freeBytes + node.Bytes - written, written);
            ReadyChildren(node);
            if (DebugLog.IsOn) DebugLog.Write("scheduler", $"{node} is trained");
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Records how a run ended; its children become ready, or are skipped or cancelled with it. A run that fails after the one that it
    /// comes from has failed is skipped, too.
    /// </summary>
    /// <returns>The run if it failed, and the runs that are skipped with it.</returns>
    public ImmutableArray<RunOutcome> Settle(Node node, RunState state, Exception? failure)
    {
        lock (_lock)
            return state == RunState.Failed && node.FailedAbove is { } cause ? Settle(node, RunState.Skipped, null, cause)
                : Settle(node, state, failure, state == RunState.Failed ? node : null);
    }

    /// <summary>Hands out no more runs.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Release(Node node)
    {
        _free += node.Threads;
        _freeBytes += node.Bytes;
        (node.Threads, node.Bytes) = (0, 0);
    }

    /// <summary>The first of the ready runs that fits into the memory that is free; null if none does.</summary>
    private Node? TakeReady()
    {
        var passed = new List<Node>();
        Node? taken = null;
        while (taken is null && passed.Count < MostPassed && _ready.TryDequeue(out Node? node, out _))
        {
            long bytes = _memory.Of(node.Task.Run, 1);
            if (node.IsSettled) continue;
            if (bytes <= _freeBytes || _freeBytes == _memory.Bytes) taken = node;
            else
            {
                passed.Add(node);
                if (DebugLog.IsOn) DebugLog.Write("scheduler", $"{node} waits for memory: it takes {bytes} bytes, and {_freeBytes} are free");
            }
        }
        foreach (Node node in passed) Ready(node);
        if (taken is null) return null;
        taken.IsBegun = true;
        taken.Threads = ThreadsOf(taken);
        taken.Bytes = _memory.Of(taken.Task.Run, taken.Threads);
        _free -= taken.Threads;
        _freeBytes -= taken.Bytes;
        MostBytes = Math.Max(MostBytes, _memory.Bytes - _freeBytes);
        if (DebugLog.IsOn) DebugLog.Write("scheduler", $"{taken} is next, with {taken.Threads} threads and {taken.Bytes} bytes; {_ready.Count} more are ready, {_free} threads are free");
        return taken;
    }

    /// <summary>More than one thread where no other run can use them, for want of runs or of memory.</summary>
    private int ThreadsOf(Node node)
    {
        if (node.MostThreads == 1 || _free == 1) return 1;
        long bytes = Math.Max(1, _memory.Of(node.Task.Run, 1));
        int others = (int)Math.Min(_ready.Count, Math.Max(0, _freeBytes - bytes) / bytes), threads = Math.Clamp(_free / (1 + others), 1, node.MostThreads);
        while (threads > 1 && _memory.Of(node.Task.Run, threads) > _freeBytes) threads--;
        return threads;
    }

    private ImmutableArray<RunOutcome> Settle(Node node, RunState state, Exception? failure, Node? cause)
    {
        var ended = ImmutableArray.CreateBuilder<RunOutcome>();
        node.Failure = failure;
        Settle(node, state, cause, ended);
        Monitor.PulseAll(_lock);
        return ended.ToImmutable();
    }

    private void Settle(Node node, RunState state, Node? cause, ImmutableArray<RunOutcome>.Builder ended)
    {
        (node.State, node.IsSettled) = (state, true);
        _unsettled--;
        if (DebugLog.IsOn) DebugLog.Write("scheduler", $"{node} is {state.ToString().ToLowerInvariant()}; {_unsettled} are left");
        Release(node);
        if (state == RunState.Skipped) node.Cause = cause;
        if (state is RunState.Skipped or RunState.Failed) ended.Add(node.Outcome);
        if (state == RunState.Finished) ReadyChildren(node);
        // What has begun, because this run was trained, ends by itself.
        else foreach (Node child in node.Children.Where(child => child is { IsBegun: false, IsSettled: false }))
            Settle(child, state == RunState.Cancelled ? state : RunState.Skipped, cause, ended);
    }

    private void ReadyChildren(Node node)
    {
        if (node.HasReadyChildren) return;
        node.HasReadyChildren = true;
        foreach (Node child in node.Children) Ready(child);
    }

    private void Retry()
    {
        if (_elsewhere.Count == 0) return;
        long now = TimeProvider.System.GetTimestamp();
        foreach (Node node in _elsewhere.Where(node => node.NotBefore <= now)) Ready(node);
        _elsewhere.RemoveAll(node => node.NotBefore <= now || node.IsSettled);
    }

    private static int Depth(Node node) => node.Parent is null ? 0 : 1 + Depth(node.Parent);

    private void Ready(Node node)
    {
        RunSpecification run = node.Task.Run;
        _ready.Enqueue(node, (-node.Height, run.Control == Control.None ? 0 : 1, run.Level, node.Order));
    }

    /// <summary>A run in the tree of parents and children.</summary>
    internal sealed class Node(RunTask task, string id, int order)
    {
        public Node? Parent;

        public RunTask Task { get; } = task;

        public string Id { get; } = id;

        public int Order { get; } = order;

        public List<Node> Children { get; } = [];

        /// <summary>How it is reported.</summary>
        public RunOutcome Outcome => new(Task.Run, Id, State, Failure) { Cause = Cause?.Outcome };

        /// <summary>The run in a log.</summary>
        public override string ToString() => $"run {RunIdentity.Short(Id)} (seed {Task.Run.Seed}, level {Task.Run.Level}, {KebabCase.Of(Task.Run.Control)})";

        /// <summary>So many threads make the run faster: of a network without operations on images the second one evaluates.</summary>
        public int MostThreads { get; } = !task.Run.Network.Input.IsFlat ? int.MaxValue
            : CpuEngine.EvaluatesBeside(task.Run.Network, task.Run.Supermask, 2) ? 2 : 1;

        /// <summary>Its threads while it is active; else 0.</summary>
        public int Threads { get; set; }

        /// <summary>Its memory while it is active; else 0.</summary>
        public long Bytes { get; set; }

        /// <summary>The number of levels below it: 0 for a run without children.</summary>
        public int Height { get; set; }

        /// <summary>Of a run that another process has: when it is tried again, and how long after the last time.</summary>
        public long NotBefore { get; set; }

        /// <inheritdoc cref="NotBefore"/>
        public TimeSpan Pause { get; set; }

        public RunState State { get; set; }

        /// <summary>True once it has ended, in whatever way.</summary>
        public bool IsSettled { get; set; }

        /// <summary>True from when it is handed out until it is put back.</summary>
        public bool IsBegun { get; set; }

        /// <summary>True once its children were ready.</summary>
        public bool HasReadyChildren { get; set; }

        /// <summary>The run that failed, where this one comes from it; else null.</summary>
        public Node? FailedAbove => Parent?.State == RunState.Failed ? Parent : Parent?.Cause;

        public Exception? Failure { get; set; }

        /// <summary>The run that failed, so that this one was skipped.</summary>
        public Node? Cause { get; set; }
    }
}
