using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Studies.Slurm;

/// <summary>What Slurm does for a study at one moment.</summary>
/// <param name="Pending">Tasks that wait.</param>
/// <param name="Running">Tasks that have a node.</param>
/// <param name="Nodes">The nodes, each with the number of its tasks, in the order of their names.</param>
/// <param name="Requeues">How often tasks were requeued.</param>
/// <param name="Reasons">Why tasks wait, in Slurm's words, the most frequent first.</param>
internal sealed record SlurmActivity(int Pending, int Running, ImmutableArray<(string Node, int Tasks)> Nodes, int Requeues, ImmutableArray<string> Reasons)
{
    private const int MostNamed = 4;

    /// <summary>Before Slurm was asked.</summary>
    public static SlurmActivity None { get; } = new(0, 0, [], 0, []);

    /// <summary>The node of each run whose task runs, by the run's id.</summary>
    public ImmutableDictionary<string, string> NodeOf { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Why nothing newer is known; null if Slurm answers.</summary>
    public string? Trouble { get; init; }

    /// <summary>What Slurm does, from its queue.</summary>
    public static SlurmActivity Of(SlurmState state, ImmutableArray<SlurmQueueEntry> queue)
    {
        SlurmTaskView[] tasks = [.. SlurmTaskView.Of(state, queue)];
        return new(
            tasks.Count(task => task.State == SlurmTaskState.Pending), tasks.Count(task => task.State == SlurmTaskState.Running),
            [
                .. tasks.Where(task => task is { State: SlurmTaskState.Running, Entry.Node.Length: > 0 }).GroupBy(task => task.Entry!.Node)
                    .OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => (node.Key, node.Count())),
            ],
            tasks.Sum(task => task.Entry?.Restarts ?? 0),
            [
                .. tasks.Where(task => task.State == SlurmTaskState.Pending && task.Entry!.Reason is not ("" or "None")).GroupBy(task => task.Entry!.Reason)
                    .OrderByDescending(reason => reason.Count()).Select(reason => reason.Key),
            ])
        {
            NodeOf = tasks.Where(task => task is { State: SlurmTaskState.Running, Entry.Node.Length: > 0 })
                .SelectMany(task => task.Task.Runs.Select(id => KeyValuePair.Create(id, task.Entry!.Node))).DistinctBy(pair => pair.Key).ToImmutableDictionary(),
        };
    }

    /// <summary>In a line: <c>Slurm: 2 tasks running on n1, n2 · 5 pending (Dependency) · 1 requeue</c>.</summary>
    public string Line
    {
        get
        {
            string nodes = string.Join(", ", Nodes.Take(MostNamed).Select(node => node.Tasks == 1 ? node.Node : $"{node.Node} ({Text(node.Tasks)})"))
                + (Nodes.Length > MostNamed ? $" and {Text(Nodes.Length - MostNamed)} more nodes" : "");
            string[] parts =
            [
                $"{Several(Running, "task")} running{(Nodes.IsEmpty ? "" : $" on {nodes}")}",
                $"{Text(Pending)} pending{(Pending == 0 || Reasons.IsEmpty ? "" : $" ({string.Join(", ", Reasons.Take(MostNamed))})")}",
                .. Requeues == 0 ? (string[])[] : [Several(Requeues, "requeue")],
                .. Trouble is null ? (string[])[] : [Trouble],
            ];
            return $"Slurm: {string.Join(" · ", parts)}";
        }
    }

    private static string Several(int count, string what) => $"{Text(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A task and what Slurm says of it.</summary>
/// <param name="Array">Its array.</param>
/// <param name="Task">The task.</param>
/// <param name="Entry">The queue's record of it; null where it has none.</param>
internal sealed record SlurmTaskView(SlurmArray Array, SlurmArrayTask Task, SlurmQueueEntry? Entry)
{
    /// <summary>What it does.</summary>
    public SlurmTaskState State => Entry?.State ?? SlurmTaskState.Gone;

    /// <summary>True while Slurm has it, or has not been asked to take it.</summary>
    public bool IsLive => Array.Job is null || State is SlurmTaskState.Pending or SlurmTaskState.Running;

    /// <summary>Every task that is not settled.</summary>
    public static IEnumerable<SlurmTaskView> Of(SlurmState state, ImmutableArray<SlurmQueueEntry> queue)
    {
        ILookup<long, SlurmQueueEntry> jobs = queue.ToLookup(entry => entry.Job);
        foreach (SlurmArray array in state.Arrays)
        {
            var own = new Dictionary<int, SlurmQueueEntry>();
            SlurmQueueEntry? rest = null;
            // A controller that lost what it knew gives numbers anew: a job of that number may be another one.
            string mark = SlurmScript.Comment(state.Token, array.Number);
            foreach (SlurmQueueEntry entry in array.Job is { } job ? jobs[job].Where(entry => entry.Comment.Length == 0 || entry.Comment == mark) : [])
            {
                if (entry.Tasks is { } indices) foreach (int index in indices) own[index] = entry;
                else rest = entry;
            }
            foreach (SlurmArrayTask task in array.Tasks.Where(task => !task.IsSettled))
                yield return new(array, task, own.GetValueOrDefault(task.Index) ?? rest);
        }
    }
}
