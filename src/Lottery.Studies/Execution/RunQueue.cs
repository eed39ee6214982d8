using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Execution;

/// <summary>Which run is next. Safe for several threads.</summary>
internal sealed class RunQueue
{
    private readonly object _lock = new();
    private readonly List<Node> _nodes = [];
    private readonly PriorityQueue<Node, (int, int, int, int)> _ready = new();
    private int _unsettled, _free;
    private bool _closed;

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

    public int Count => _nodes.Count;

    public ImmutableArray<RunOutcome> Outcomes =>
        [.. _nodes.Select(node => new RunOutcome(node.Task.Run, node.Id, node.State, node.Failure))];

    /// <summary>The next run, as soon as there is one; null when none will come.</summary>
    public Node? Take()
    {
        lock (_lock)
        {
            while (true)
            {
                if (_closed || _unsettled == 0) return null;
                if (_free > 0 && _ready.TryDequeue(out Node? node, out _))
                {
                    _free -= node.Threads = node.UsesThreads ? Math.Max(1, _free / (1 + _ready.Count)) : 1;
                    return node;
                }
                Monitor.Wait(_lock);
            }
        }
    }

    /// <summary>Notes what became of a run that was taken, and of those that come from it.</summary>
    public void Settle(Node node, RunState state, Exception? failure)
    {
        lock (_lock)
        {
            (node.State, node.Failure) = (state, failure);
            _unsettled--;
            _free += node.Threads;
            node.Threads = 0;
            foreach (Node child in node.Children)
            {
                if (state == RunState.Finished) Ready(child);
                else Settle(child, state == RunState.Cancelled ? state : RunState.Skipped, null);
            }
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Gives out no more runs.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private static int Depth(Node node) => node.Parent is null ? 0 : 1 + Depth(node.Parent);

    private void Ready(Node node)
    {
        RunSpecification run = node.Task.Run;
        _ready.Enqueue(node, (-node.Height, run.Control == Control.None ? 0 : 1, run.Level, node.Order));
    }

    /// <summary>A run among the others.</summary>
    internal sealed class Node(RunTask task, string id, int order)
    {
        public Node? Parent;

        public RunTask Task { get; } = task;

        public string Id { get; } = id;

        public int Order { get; } = order;

        public List<Node> Children { get; } = [];

        /// <summary>True where more than one thread makes the run faster.</summary>
        public bool UsesThreads { get; } = task.Run.Network.AllLayers.Any(layer => layer is Convolution);

        /// <summary>The threads that it has while it is under way.</summary>
        public int Threads { get; set; }

        /// <summary>Runs in the longest chain of those that come from this one.</summary>
        public int Height { get; set; }

        public RunState State { get; set; }

        public Exception? Failure { get; set; }
    }
}
