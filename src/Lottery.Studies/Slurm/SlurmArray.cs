using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Studies.Slurm;

/// <summary>One task of an array.</summary>
/// <param name="Index">Its index in the array: that of the task which it waits for, where there is one.</param>
/// <param name="Runs">The ids of its runs, each after the one that it comes from.</param>
/// <param name="Seconds">The estimated time.</param>
internal sealed record SlurmArrayTask(int Index, ImmutableArray<string> Runs, double Seconds)
{
    /// <summary>True once the task has ended for good and what it left has been seen to.</summary>
    public bool IsSettled { get; init; }
}

/// <summary>A Slurm job array: task <c>i</c> waits for task <c>i</c> of another array, so that one dependency of the array states those of all tasks.</summary>
/// <param name="Number">Its number in the study's job.</param>
/// <param name="After">The number of the array that it waits for; null for none.</param>
/// <param name="Tasks">The tasks; at least one.</param>
internal sealed record SlurmArray(int Number, int? After, ImmutableArray<SlurmArrayTask> Tasks)
{
    /// <summary>Slurm's number of the job; null until it is submitted.</summary>
    public long? Job { get; init; }

    /// <summary>The indices as sbatch takes them: <c>0-3,7</c>.</summary>
    public string Indices
    {
        get
        {
            int[] indices = [.. Tasks.Select(task => task.Index).Order()];
            var ranges = new List<string>();
            for (int first = 0, last; first < indices.Length; first = last + 1)
            {
                for (last = first; last + 1 < indices.Length && indices[last + 1] == indices[last] + 1; last++) { }
                ranges.Add(first == last ? Text(indices[first]) : $"{Text(indices[first])}-{Text(indices[last])}");
            }
            return string.Join(',', ranges);
        }
    }

    /// <summary>The arrays of tasks: those that wait for none first, then for each array one with the first task that waits for each of its tasks, one with the second, and so on.</summary>
    /// <param name="tasks">The tasks, as the planner returns them.</param>
    /// <param name="first">The first array's number.</param>
    /// <param name="most">The most tasks of an array.</param>
    public static ImmutableArray<SlurmArray> Of(ImmutableArray<SlurmTask> tasks, int first, int most)
    {
        ILookup<int, int> waiting = Enumerable.Range(0, tasks.Length).ToLookup(i => tasks[i].After ?? -1);
        var arrays = ImmutableArray.CreateBuilder<SlurmArray>();
        // Members of an array: the index in it, and the task.
        var next = new Queue<(int? After, (int Index, int Task)[] Members)>(
            waiting[-1].Chunk(most).Select(chunk => ((int?)null, chunk.Select((task, i) => (i, task)).ToArray())));
        while (next.TryDequeue(out var one))
        {
            int number = first + arrays.Count;
            arrays.Add(new(number, one.After, [.. one.Members.Select(member => new SlurmArrayTask(member.Index, tasks[member.Task].Runs, tasks[member.Task].Seconds))]));
            (int Index, int[] Waiting)[] children = [.. one.Members.Select(member => (member.Index, waiting[member.Task].OrderByDescending(task => tasks[task].Seconds).ToArray()))];
            for (int rank = 0; children.Any(child => child.Waiting.Length > rank); rank++)
                next.Enqueue((number, [.. children.Where(child => child.Waiting.Length > rank).Select(child => (child.Index, child.Waiting[rank]))]));
        }
        return arrays.ToImmutable();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
