using System.Collections.Immutable;
using Lottery.Studies.Slurm;

namespace Lottery.UnitTests.Studies.Slurm;

/// <summary>Any forest of runs becomes tasks and arrays that complete every run once, each after the one that it comes from.</summary>
public sealed class SlurmPlannerTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_run_is_in_one_task_after_the_one_that_it_comes_from(int seed)
    {
        (SlurmRun[] runs, double target) = Forest(seed);
        ImmutableArray<SlurmTask> tasks = SlurmPlanner.Plan(runs, target);
        Assert.Equal(runs.Select(run => run.Id).Order(StringComparer.Ordinal), tasks.SelectMany(task => task.Runs).Order(StringComparer.Ordinal));
        var place = tasks.SelectMany((task, i) => task.Runs.Select((id, at) => (id, (Task: i, At: at)))).ToDictionary(one => one.id, one => one.Item2);
        foreach (SlurmRun run in runs.Where(run => run.Parent is { } parent && place.ContainsKey(parent)))
        {
            (int task, int at) = place[run.Id];
            (int parentTask, int parentAt) = place[run.Parent!];
            Assert.True(task == parentTask ? parentAt < at : tasks[task].After == parentTask, $"{run.Id} after {run.Parent}");
        }
        Assert.All(tasks.Select((task, i) => (task, i)), one => Assert.True(one.task.After is null || one.task.After < one.i));
        Assert.All(tasks, task => Assert.Equal(runs.Where(run => task.Runs.Contains(run.Id)).Sum(run => run.Seconds), task.Seconds, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_task_is_worth_a_schedulers_while(int seed)
    {
        (SlurmRun[] runs, double target) = Forest(seed);
        ImmutableArray<SlurmTask> tasks = SlurmPlanner.Plan(runs, target);
        double longest = runs.Max(run => run.Seconds);
        // A task that waits for another could have been part of it.
        Assert.All(tasks.Where(task => task.After is not null), task => Assert.True(task.Seconds >= target / 2));
        // Of those that wait for none, all but one of a packing are at least half full.
        Assert.InRange(tasks.Count(task => task.After is null && task.Seconds < target / 2), 0, 1);
        Assert.All(tasks, task => Assert.True(task.Seconds <= Math.Max(longest, target) + target + 1e-9));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Arrays_have_every_task_once_and_wait_for_it_index_by_index(int seed)
    {
        (SlurmRun[] runs, double target) = Forest(seed);
        int most = 1 + seed % 7, first = seed % 3;
        ImmutableArray<SlurmTask> tasks = SlurmPlanner.Plan(runs, target);
        ImmutableArray<SlurmArray> arrays = SlurmArray.Of(tasks, first, most);
        Assert.Equal(Enumerable.Range(first, arrays.Length), arrays.Select(array => array.Number));
        Assert.Equal(tasks.Select(task => string.Join(',', task.Runs)).Order(StringComparer.Ordinal), arrays.SelectMany(array => array.Tasks).Select(task => string.Join(',', task.Runs)).Order(StringComparer.Ordinal));
        foreach (SlurmArray array in arrays)
        {
            Assert.InRange(array.Tasks.Length, 1, most);
            Assert.All(array.Tasks, task => Assert.InRange(task.Index, 0, most - 1));
            Assert.Equal(array.Tasks.Length, array.Tasks.Select(task => task.Index).Distinct().Count());
            Assert.True(array.After is null || array.After < array.Number);
            foreach (SlurmArrayTask task in array.Tasks)
            {
                SlurmTask planned = tasks.Single(one => one.Runs[0] == task.Runs[0]);
                string[]? waited = array.After is { } after ? [.. arrays[after - first].Tasks.Single(other => other.Index == task.Index).Runs] : null;
                Assert.Equal(planned.After is { } parent ? tasks[parent].Runs : null, waited);
            }
        }
    }

    [Fact]
    public void A_chain_is_cut_and_controls_go_with_their_ticket()
    {
        // Two seeds, four levels of 4 minutes with a control of a minute each, in tasks of 10 minutes.
        var runs = new List<SlurmRun>();
        foreach (string seed in (string[])["a", "b"])
            for (int level = 0; level < 4; level++)
            {
                string? parent = level == 0 ? null : $"{seed}{level - 1}";
                runs.Add(new($"{seed}{level}", parent, 240));
                runs.Add(new($"{seed}{level}c", $"{seed}{level}", 60));
            }
        ImmutableArray<SlurmTask> tasks = SlurmPlanner.Plan(runs, 600);
        Assert.Equal(["a0,a0c,a1,a1c", "b0,b0c,b1,b1c", "a2,a2c,a3,a3c", "b2,b2c,b3,b3c"], tasks.Select(task => string.Join(',', task.Runs)));
        Assert.Equal([null, null, 0, 1], tasks.Select(task => task.After));
        ImmutableArray<SlurmArray> arrays = SlurmArray.Of(tasks, 0, 1_000);
        Assert.Equal([("0-1", null), ("0-1", 0)], arrays.Select(array => (array.Indices, array.After)));
    }

    [Fact]
    public void Short_trees_share_a_task_and_a_long_run_has_its_own()
    {
        SlurmRun[] runs = [.. Enumerable.Range(0, 100).Select(i => new SlurmRun($"short{i}", null, 6)), new("long", null, 7_200)];
        ImmutableArray<SlurmTask> tasks = SlurmPlanner.Plan(runs, 600);
        Assert.Equal([1, 100], tasks.Select(task => task.Runs.Length));
    }

    [Fact]
    public void Ten_thousand_runs_are_planned_at_once()
    {
        SlurmRun[] runs = [.. from seed in Enumerable.Range(0, 400) from level in Enumerable.Range(0, 25) select new SlurmRun($"{seed}/{level}", level == 0 ? null : $"{seed}/{level - 1}", 100)];
        ImmutableArray<SlurmArray> arrays = SlurmArray.Of(SlurmPlanner.Plan(runs, 600), 0, 1_000);
        // 25 levels, of which six or seven are a task.
        Assert.Equal(4, arrays.Length);
        Assert.Equal(["0-399"], arrays.Select(array => array.Indices).Distinct());
    }

    /// <summary>Trees of any shape, with runs whose parent is not planned, in any order.</summary>
    private static (SlurmRun[] Runs, double Target) Forest(int seed)
    {
        var random = new Random(seed);
        int count = random.Next(1, 60);
        double most = Math.Pow(10, random.NextDouble() * 4);
        var runs = new List<SlurmRun>();
        for (int i = 0; i < count; i++)
        {
            string? parent = i == 0 || random.NextDouble() < 0.15 ? null : random.NextDouble() < 0.05 ? "elsewhere" : $"run{(random.NextDouble() < 0.5 ? i - 1 : random.Next(i))}";
            runs.Add(new($"run{i}", parent, random.NextDouble() * most));
        }
        if (seed % 2 == 1) runs = [.. runs.OrderBy(_ => random.Next())];
        return ([.. runs], 1 + random.NextDouble() * 600);
    }
}
