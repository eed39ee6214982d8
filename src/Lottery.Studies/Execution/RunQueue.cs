using System.Collections.Immutable;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Execution;

/// <summary>The order of runs: which one is next, and how many threads it gets. Safe for several threads.</summary>
internal sealed class RunQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly object _lock = new();
    private readonly List<Node> _nodes = [];
    private readonly PriorityQueue<Node, (int, int, int, int)> _ready = new();
    private readonly List<Node> _elsewhere = [];
    private int _unsettled, _free;
    private bool _closed, _hasWaited;

    public RunQueue(IEnumerable<RunTask> tasks, int threads)
    {
        _free = threads;
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
                if (_free > 0 && _ready.TryDequeue(out Node? node, out _))
                {
                    _free -= node.Threads = node.UsesThreads ? Math.Max(1, _free / (1 + _ready.Count)) : 1;
                    return node;
                }
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

    /// <summary>Takes back a run that another process has: it is handed out again after a while.</summary>
    public void PutBack(Node node)
    {
        lock (_lock)
        {
            _free += node.Threads;
            node.Threads = 0;
            node.Pause = node.Pause == TimeSpan.Zero ? FirstPause : node.Pause * 2 < LongestPause ? node.Pause * 2 : LongestPause;
            node.NotBefore = TimeProvider.System.GetTimestamp() + (long)(node.Pause.TotalSeconds * TimeProvider.System.TimestampFrequency);
            _elsewhere.Add(node);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Records how a run ended; its children become ready, or are skipped or cancelled with it.</summary>
    /// <returns>The runs that are skipped with it.</returns>
    public ImmutableArray<RunOutcome> Settle(Node node, RunState state, Exception? failure)
    {
        lock (_lock)
        {
            node.Failure = failure;
            var skipped = ImmutableArray.CreateBuilder<RunOutcome>();
            Settle(node, state, state == RunState.Failed ? node : null, skipped);
            Monitor.PulseAll(_lock);
            return skipped.ToImmutable();
        }
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

    private void Settle(Node node, RunState state, Node? cause, ImmutableArray<RunOutcome>.Builder skipped)
    {
        node.State = state;
        _unsettled--;
        _free += node.Threads;
        node.Threads = 0;
        if (state == RunState.Skipped)
        {
            node.Cause = cause;
            skipped.Add(node.Outcome);
        }
        foreach (Node child in node.Children)
        {
            if (state == RunState.Finished) Ready(child);
            else Settle(child, state == RunState.Cancelled ? state : RunState.Skipped, cause, skipped);
        }
    }

    private void Retry()
    {
        if (_elsewhere.Count == 0) return;
        long now = TimeProvider.System.GetTimestamp();
        foreach (Node node in _elsewhere.Where(node => node.NotBefore <= now)) Ready(node);
        _elsewhere.RemoveAll(node => node.NotBefore <= now);
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

        /// <summary>True where more than one thread makes the run faster.</summary>
        public bool UsesThreads { get; } = !task.Run.Network.Input.IsFlat;

        /// <summary>Its threads while it is active; else 0.</summary>
        public int Threads { get; set; }

        /// <summary>The number of levels below it: 0 for a run without children.</summary>
        public int Height { get; set; }

        /// <summary>Of a run that another process has: when it is tried again, and how long after the last time.</summary>
        public long NotBefore { get; set; }

        /// <inheritdoc cref="NotBefore"/>
        public TimeSpan Pause { get; set; }

        public RunState State { get; set; }

        public Exception? Failure { get; set; }

        /// <summary>The run that failed, so that this one was skipped.</summary>
        public Node? Cause { get; set; }
    }
}
