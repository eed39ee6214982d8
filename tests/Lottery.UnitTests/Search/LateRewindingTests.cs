using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Search;

/// <summary>Late rewinding: training goes on from the dense run's weights at a step, which are taken once.</summary>
public sealed class LateRewindingTests
{
    /// <summary>The optimizer starts afresh, so that only one without moments can end where the dense run ends.</summary>
    private static readonly TrainingSpecification s_plain = new()
    {
        Optimizer = Optimizer.Sgd(0.1, weightDecay: 1e-3), Batch = 20, Steps = 40, Evaluate = 10, Schedule = new() { WarmUp = 3, At = [25], Factor = 0.5 },
    };

    private static readonly PruningSettings s_unpruned = new() { Levels = 1, Conv = 0, Fc = 0, Output = 0 };

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(39)]
    public void Without_pruning_a_run_that_is_rewound_ends_with_the_bits_of_the_dense_run(int step)
    {
        Network network = new NetworkBuilder(Shape.Flat(37)).Linear(24).Relu().Dropout(0.3).Output(5).Build("dropout");
        var search = new TicketSearch(network, SmallSearch.Data) { Training = s_plain, Pruning = s_unpruned with { RewindTo = step } };
        AssertSameEnd(search, step);
    }

    [Fact]
    public void So_does_one_with_convolutions_normalization_and_dropout()
    {
        var search = new TicketSearch(SmallImages.Network, SmallImages.Data) { Training = s_plain with { Steps = 9 }, Pruning = s_unpruned with { RewindTo = 4 } };
        AssertSameEnd(search, 4);
    }

    private static void AssertSameEnd(TicketSearch search, int step)
    {
        RunResult[] runs = [.. search.Results()];
        Assert.Equal(2, runs.Length);
        Assert.Equal(step, runs[1].Evaluations[0].Step);
        Assert.NotEqual(Fingerprint.Of(runs[0].Initial), Fingerprint.Of(runs[1].Initial));
        Assert.Equal(Fingerprint.Of(runs[0].Final), Fingerprint.Of(runs[1].Final));
        Assert.Equal(runs[0].Evaluations[^1].Loss, runs[1].Evaluations[^1].Loss);
    }

    [Fact]
    public void The_dense_run_keeps_its_weights_as_it_passes_and_nothing_is_trained_for_them_again()
    {
        var runs = new MemoryRunStore();
        Assert.Equal(40 + 3 * 3 * (40 - 15), Steps(Rewinding(runs, 15)));
        RunSpecification dense = Rewinding(runs, 15).Plan(1)[0];
        Assert.NotNull(runs.FindSnapshot(dense, 15));
        Assert.Null(runs.FindSnapshot(dense, 14));
        Assert.Equal(Fingerprint.Of(Rewinding(new MemoryRunStore(), 0, s_plain with { Steps = 15, Schedule = s_plain.Schedule }).Results()[0].Final), Fingerprint.Of(runs.FindSnapshot(dense, 15)!));
    }

    [Fact]
    public void Where_the_dense_run_was_finished_without_keeping_them_it_is_trained_to_the_step_once()
    {
        var runs = new MemoryRunStore();
        Assert.Equal(40, Steps(Rewinding(runs, 0, levels: 0)));
        Assert.Equal(15 + 3 * 3 * (40 - 15), Steps(Rewinding(runs, 15)));
        Assert.Equal(0, Steps(Rewinding(runs, 15)));
        Assert.Equal(Fingerprint.Of(Rewinding(new MemoryRunStore(), 15).Results()), Fingerprint.Of(Rewinding(runs, 15).Results()));
    }

    [Fact]
    public void A_search_that_begins_with_a_mask_trains_the_dense_network_to_the_step_once()
    {
        var runs = new MemoryRunStore();
        TicketSearch search = new(SmallSearch.Network, SmallSearch.Data)
        {
            Start = new(Mask.Full(SmallSearch.Network)), Training = s_plain, Pruning = s_unpruned with { RewindTo = 15 },
            Controls = [Control.Reinit, Control.RandomMask], Runs = runs, Device = new CpuDevice(new("counting", new Updates())),
        };
        Assert.Equal(15 + 6 * (40 - 15), Steps(search));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(11, false)]
    [InlineData(4, true)]
    [InlineData(14, true)]
    public void A_training_to_the_step_that_was_stopped_goes_on_with_the_same_bits(int steps, bool crash)
    {
        var kept = new MemoryRunStore();
        Rewinding(kept, 0, levels: 0).Results();
        for (int session = 1, resumed = 0; ; session++)
        {
            using var stop = new CancellationTokenSource();
            var runs = new InterruptedRuns(kept, steps, crash ? null : stop);
            try
            {
                Rewinding(runs, 30, levels: 0).Complete(Rewinding(runs, 30).Plan(1)[1], cancellationToken: stop.Token);
                Assert.InRange(resumed, 1, session);
                break;
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or IOException)
            {
                resumed += runs.Resumed;
            }
        }
        Assert.Equal(Fingerprint.Of(Rewinding(new MemoryRunStore(), 30).Results()), Fingerprint.Of(Rewinding(kept, 30).Results()));
    }

    private static TicketSearch Rewinding(IRunStore runs, int rewindTo, TrainingSpecification? training = null, int levels = 3) =>
        new(SmallSearch.Network, SmallSearch.Data)
        {
            Training = training ?? s_plain, Pruning = s_unpruned with { Levels = levels, RewindTo = rewindTo },
            Controls = [Control.Reinit, Control.RandomMask], Runs = runs, Device = new CpuDevice(new("counting", new Updates())),
        };

    /// <summary>The steps that a search trains: no weight is pruned, so that each updates the three layers alike.</summary>
    private static int Steps(TicketSearch search)
    {
        int before = Updates.Count;
        search.Results();
        int all = Updates.Count - before;
        int perStep = CountOf(() => new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Training = s_plain with { Steps = 1 }, Pruning = new(), Device = new CpuDevice(new("counting", new Updates())),
        }.Results());
        Assert.Equal(0, all % perStep);
        return all / perStep;
    }

    private static int CountOf(Action work)
    {
        int before = Updates.Count;
        work();
        return Updates.Count - before;
    }

    /// <summary>Counts the updates of this thread.</summary>
    private sealed class Updates : IKernelRunner
    {
        [ThreadStatic]
        public static int Count;

        public void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IKernel, allows ref struct
        {
            if (typeof(TKernel) == typeof(SgdUpdate)) Count++;
            kernel.Reference();
        }
    }
}
