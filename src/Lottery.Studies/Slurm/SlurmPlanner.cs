using System.Collections.Immutable;

namespace Lottery.Studies.Slurm;

/// <summary>A run as the planner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The id of the run that it comes from; null for none. One that is not planned counts as finished.</param>
/// <param name="Seconds">Its estimated time in a task.</param>
internal sealed record SlurmRun(string Id, string? Parent, double Seconds);

/// <summary>Runs that one Slurm task completes one after the other.</summary>
/// <param name="Runs">Their ids, each after the one that it comes from.</param>
/// <param name="Seconds">Their estimated time.</param>
/// <param name="After">The index of the task that has to be finished first, which is a smaller one; null for none.</param>
internal sealed record SlurmTask(ImmutableArray<string> Runs, double Seconds, int? After);

/// <summary>Groups the runs of a study into tasks that are worth a scheduler's while.</summary>
/// <remarks>
/// Runs are a forest: each comes from at most one other. From the leaves up, a run takes along what comes from it while the task stays
/// within the target; what does not fit are tasks that wait for it. So a chain of levels is cut into pieces of about the target, controls
/// go with their ticket or wait for it together, and short trees share a task. A task below half of the target is only made where
/// nothing else could take its runs.
/// </remarks>
internal static class SlurmPlanner
{
    /// <summary>Plans tasks.</summary>
    /// <param name="runs">The runs, each once, in any order.</param>
    /// <param name="target">What a task should take, in seconds; a longer run is a task of its own.</param>
    /// <returns>The tasks, each after the one that it waits for.</returns>
    public static ImmutableArray<SlurmTask> Plan(IReadOnlyList<SlurmRun> runs, double target)
    {
        Dictionary<string, int> index = runs.Select((run, i) => (run.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        int?[] parents = [.. runs.Select(run => run.Parent is { } parent && index.TryGetValue(parent, out int at) ? at : (int?)null)];
        int[] order = ParentsFirst(parents);
        var clusters = new Cluster?[runs.Count];
        var children = new List<Cluster>?[runs.Count];
        foreach (int i in order.Reverse())
        {
            var own = new Cluster(i, runs[i].Seconds);
            foreach (Cluster task in Pack(children[i] ?? [], target, own)) own.Tasks.Add(task);
            clusters[i] = own;
            if (parents[i] is { } parent) (children[parent] ??= []).Add(own);
        }
        Cluster[] roots = [.. order.Where(i => parents[i] is null).Select(i => clusters[i]!)];
        // What is left over at the root of a chain goes with the piece below it, which would only wait for it.
        foreach (Cluster root in roots.Where(root => root.Seconds < target / 2 && root.Tasks.Count == 1))
        {
            Cluster only = root.Tasks[0];
            root.Tasks.Clear();
            root.Add(only);
        }
        int[] place = new int[runs.Count];
        for (int i = 0; i < order.Length; i++) place[order[i]] = i;
        return Number(Pack(roots, target, null), runs, place);
    }

    /// <summary>Each index after that of its parent; else as they are.</summary>
    private static int[] ParentsFirst(int?[] parents)
    {
        int[] depths = new int[parents.Length];
        for (int i = 0; i < parents.Length; i++)
        {
            int depth = 0;
            for (int? at = parents[i]; at is { } parent; at = parents[parent])
                if (++depth > parents.Length) throw new ArgumentException("Runs come from each other.", nameof(parents));
            depths[i] = depth;
        }
        return [.. Enumerable.Range(0, parents.Length).OrderBy(i => depths[i])];
    }

    /// <summary>Puts clusters that do not depend on each other into the one that they wait for, as far as they fit, and the others into tasks.</summary>
    /// <param name="clusters">The clusters.</param>
    /// <param name="target">What a task should take.</param>
    /// <param name="into">What all of them wait for; null for nothing.</param>
    /// <returns>The tasks.</returns>
    private static List<Cluster> Pack(IReadOnlyList<Cluster> clusters, double target, Cluster? into)
    {
        var tasks = new List<Cluster>();
        foreach (Cluster cluster in clusters.OrderByDescending(cluster => cluster.Seconds))
        {
            if (into is not null && into.Seconds + cluster.Seconds <= target) into.Add(cluster);
            // First fit: with as many clusters as a study has runs, only the last tasks are looked at.
            else if (tasks.TakeLast(MostOpen).FirstOrDefault(task => task.Seconds + cluster.Seconds <= target) is { } open) open.Add(cluster);
            else tasks.Add(cluster);
        }
        foreach (Cluster small in tasks.Where(task => task.Seconds < target / 2).ToArray())
        {
            if (into is null) continue;
            into.Add(small);
            tasks.Remove(small);
        }
        return tasks;
    }

    private static ImmutableArray<SlurmTask> Number(List<Cluster> roots, IReadOnlyList<SlurmRun> runs, int[] place)
    {
        var tasks = ImmutableArray.CreateBuilder<SlurmTask>();
        var next = new Queue<(Cluster Cluster, int? After)>(roots.Select(root => (root, (int?)null)));
        while (next.TryDequeue(out var one))
        {
            int number = tasks.Count;
            tasks.Add(new([.. one.Cluster.Runs.OrderBy(i => place[i]).Select(i => runs[i].Id)], one.Cluster.Seconds, one.After));
            foreach (Cluster task in one.Cluster.Tasks) next.Enqueue((task, number));
        }
        return tasks.ToImmutable();
    }

    private const int MostOpen = 32;

    /// <summary>Runs that are trained together, and the tasks that wait for one of them.</summary>
    private sealed class Cluster(int run, double seconds)
    {
        public List<int> Runs { get; } = [run];

        public List<Cluster> Tasks { get; } = [];

        public double Seconds { get; private set; } = seconds;

        public void Add(Cluster other)
        {
            Runs.AddRange(other.Runs);
            Tasks.AddRange(other.Tasks);
            Seconds += other.Seconds;
        }
    }
}
