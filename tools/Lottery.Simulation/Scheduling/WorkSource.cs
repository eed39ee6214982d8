using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;

namespace Lottery.Simulation.Scheduling;

/// <summary>Something that a worker does from begin to end.</summary>
/// <param name="seconds">What it takes on a good worker.</param>
/// <param name="runs">The runs in it.</param>
internal sealed class Work(double seconds, int runs)
{
    /// <summary>What it takes on a good worker.</summary>
    public double Seconds { get; } = seconds;

    /// <summary>The runs in it.</summary>
    public int Runs { get; } = runs;

    /// <summary>Seconds that are done and in a checkpoint.</summary>
    public double Done { get; set; }

    /// <summary>How often it was interrupted.</summary>
    public int Interruptions { get; set; }
}

/// <summary>Hands out work in an order.</summary>
internal interface IWorkSource
{
    /// <summary>The runs in all of it.</summary>
    int Runs { get; }

    /// <summary>All of it, in seconds, and its longest chain.</summary>
    (double Total, double Chain) Bounds { get; }

    /// <summary>The next work that is ready; null if there is none now.</summary>
    Work? Take();

    /// <summary>Records that a work is done: what waits for it becomes ready.</summary>
    void Finish(Work work);
}

/// <summary>The runs of a study in the order of the program's own queue.</summary>
internal sealed class RunSource : IWorkSource
{
    private readonly RunQueue _queue;
    private readonly Dictionary<string, double> _seconds = [];
    private readonly Dictionary<Work, RunQueue.Node> _nodes = [];

    /// <param name="runs">The runs, each after its parent.</param>
    /// <param name="seconds">What a run takes.</param>
    /// <param name="workers">Workers.</param>
    public RunSource(IReadOnlyCollection<RunSpecification> runs, Func<RunSpecification, double> seconds, int workers)
    {
        var chains = new Dictionary<string, double>();
        double total = 0, longest = 0;
        foreach (RunSpecification run in runs)
        {
            string id = RunIdentity.Of(run);
            total += _seconds[id] = seconds(run);
            chains[id] = _seconds[id] + (run.Parent is { } parent ? chains.GetValueOrDefault(RunIdentity.Of(parent)) : 0);
            longest = Math.Max(longest, chains[id]);
        }
        Bounds = (total, longest);
        _queue = new(runs.Select(run => new RunTask(run, null!)), workers);
    }

    /// <inheritdoc/>
    public int Runs => _queue.Count;

    /// <inheritdoc/>
    public (double Total, double Chain) Bounds { get; }

    /// <inheritdoc/>
    public Work? Take()
    {
        if (!_queue.HasReady) return null;
        RunQueue.Node node = _queue.Take()!;
        var work = new Work(_seconds[node.Id], 1);
        _nodes[work] = node;
        return work;
    }

    /// <inheritdoc/>
    public void Finish(Work work)
    {
        _nodes.Remove(work, out RunQueue.Node? node);
        _queue.Settle(node!, RunState.Finished, null);
    }
}

/// <summary>The runs of a study as tasks for Slurm, in the order in which they are submitted.</summary>
internal sealed class TaskSource : IWorkSource
{
    private readonly Queue<int> _ready;
    private readonly ILookup<int, int> _waiting;
    private readonly SlurmTask[] _tasks;
    private readonly Dictionary<Work, int> _taken = [];

    /// <param name="runs">The runs.</param>
    /// <param name="seconds">What a run takes.</param>
    /// <param name="target">What a task should take.</param>
    public TaskSource(IReadOnlyCollection<RunSpecification> runs, Func<RunSpecification, double> seconds, double target)
    {
        _tasks = [.. SlurmPlanner.Plan([.. runs.Select(run => new SlurmRun(RunIdentity.Of(run), run.Parent is { } parent ? RunIdentity.Of(parent) : null, seconds(run)))], target)];
        _waiting = Enumerable.Range(0, _tasks.Length).Where(i => _tasks[i].After is not null).ToLookup(i => _tasks[i].After!.Value);
        _ready = new(Enumerable.Range(0, _tasks.Length).Where(i => _tasks[i].After is null));
        var chains = new double[_tasks.Length];
        for (int i = 0; i < chains.Length; i++) chains[i] = _tasks[i].Seconds + (_tasks[i].After is { } before ? chains[before] : 0);
        Runs = _tasks.Sum(task => task.Runs.Length);
        Bounds = (_tasks.Sum(task => task.Seconds), chains.Max());
    }

    /// <summary>The number of tasks.</summary>
    public int Count => _tasks.Length;

    /// <inheritdoc/>
    public int Runs { get; }

    /// <inheritdoc/>
    public (double Total, double Chain) Bounds { get; }

    /// <inheritdoc/>
    public Work? Take()
    {
        if (!_ready.TryDequeue(out int task)) return null;
        var work = new Work(_tasks[task].Seconds, _tasks[task].Runs.Length);
        _taken[work] = task;
        return work;
    }

    /// <inheritdoc/>
    public void Finish(Work work)
    {
        _taken.Remove(work, out int task);
        foreach (int next in _waiting[task]) _ready.Enqueue(next);
    }
}
