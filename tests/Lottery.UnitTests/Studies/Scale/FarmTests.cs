using Lottery.Simulation.Scheduling;
using Lottery.Simulation.Stores;
using Lottery.Specifications;
using Lottery.Studies.Slurm;

namespace Lottery.UnitTests.Studies.Scale;

/// <summary>The scheduler in virtual time: every run is finished once, whatever dies, and little is done twice.</summary>
public class FarmTests
{
    private static readonly RunSpecification[] s_runs = [.. MadeUpStudy.Searches(2_000, 3).SelectMany(search => search)];

    private static readonly FarmSettings
        Calm = new() { Workers = 100, WorkersOfNode = 10, WorkerLife = double.PositiveInfinity, NodeLife = double.PositiveInfinity, Stragglers = 0, BeginSeconds = 0 },
        Stormy = Calm with { WorkerLife = 3_600, NodeLife = 4 * 3_600, Stragglers = 0.02 };

    [Fact]
    public void One_worker_takes_as_long_as_all_runs_together()
    {
        RunSource source = Runs(Calm with { Workers = 1 });
        FarmResult result = new Farm(Calm with { Workers = 1 }, source).Run();
        Assert.Equal(source.Bounds.Total, result.Makespan, 1e-3);
        Assert.Equal((2_000, 2_000, 0), (result.Runs, result.Begins, result.Interruptions));
    }

    [Fact]
    public void Workers_without_end_take_as_long_as_the_longest_chain()
    {
        FarmSettings many = Calm with { Workers = 2_000 };
        RunSource source = Runs(many);
        Assert.Equal(source.Bounds.Chain, new Farm(many, source).Run().Makespan, 1e-3);
    }

    /// <summary>Graham's bound holds for every order; the queue's should be much nearer to the best.</summary>
    [Fact]
    public void The_queue_is_near_the_best_order()
    {
        RunSource source = Runs(Calm);
        double best = Math.Max(source.Bounds.Total / Calm.Workers, source.Bounds.Chain);
        Assert.InRange(new Farm(Calm, source).Run().Makespan, best - 1e-6, 1.1 * best);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Failures_lose_no_run_and_repeat_little(bool inTasks)
    {
        IWorkSource source = inTasks ? new TaskSource(s_runs, SimulationReport.Times(s_runs, Stormy), 1_200) : Runs(Stormy);
        FarmResult result = new Farm(Stormy, source).Run();
        Assert.Equal(2_000, result.Runs);
        Assert.True(result is { Deaths: > 10, LostNodes: > 0, Interruptions: > 10 });
        // Nothing is done twice but what was done since the last checkpoint.
        Assert.InRange(result.LostSeconds, 1, result.Interruptions * Stormy.CheckpointSeconds);
        Assert.Equal(source.Bounds.Total, result.BusySeconds - result.LostSeconds, source.Bounds.Total * 0.3);
    }

    /// <summary>Long tasks are waited for; very short ones are more than Slurm's controller takes.</summary>
    [Fact]
    public void Slurm_tasks_of_the_usual_length_take_little_longer_than_one_queue()
    {
        FarmSettings usual = Calm with { Stragglers = new FarmSettings().Stragglers };
        Func<RunSpecification, double> seconds = SimulationReport.Times(s_runs, usual);
        double queue = new Farm(usual, Runs(usual)).Run().Makespan;
        double tasks = new Farm(usual, new TaskSource(s_runs, seconds, new SlurmSettings().Target)).Run().Makespan;
        double hours = new Farm(usual, new TaskSource(s_runs, seconds, 3_600)).Run().Makespan;
        Assert.InRange(tasks, queue, 1.25 * queue);
        Assert.InRange(hours, 1.1 * tasks, double.PositiveInfinity);
    }

    [Fact]
    public void A_simulation_is_the_same_each_time()
    {
        double[] times = [.. Enumerable.Range(0, 2).Select(_ => new Farm(Stormy, Runs(Stormy)).Run().Makespan)];
        Assert.Equal(times[0], times[1]);
    }

    [Fact]
    public void Calls_of_the_store_are_counted()
    {
        var traffic = StoreTraffic.Measure();
        Assert.True(traffic is { Begin: > 0, Evaluation: > 0, Checkpoint: > 0, Finish: > 4, Flushes: > 0 });
    }

    private static RunSource Runs(FarmSettings settings) => new(s_runs, SimulationReport.Times(s_runs, settings), settings.Workers);
}
