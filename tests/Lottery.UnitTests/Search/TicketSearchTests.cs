using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

/// <summary>The search does what the paper says: train, prune, rewind, train again; and its controls are fair.</summary>
public sealed class TicketSearchTests
{
    private static readonly ImmutableArray<Level> s_levels = [.. SmallSearch.Of(SmallSearch.WithAdam).Run(1)];
    private static readonly ImmutableArray<RunResult> s_runs =
        [.. s_levels.SelectMany(level => (RunResult[])[level.Ticket, .. level.Controls])];

    [Fact]
    public void Levels_prunings_are_one_training_more()
    {
        Assert.Equal([0, 1, 2, 3], s_levels.Select(level => level.Number));
        Assert.Equal([0, 2, 2, 2], s_levels.Select(level => level.Controls.Length));
        Assert.Equal([888 + 264 + 55, 267 + 80 + 6, 81 + 24 + 1, 25 + 8 + 1], s_levels.Select(level => level.Ticket.Mask.Kept));
        Assert.Equal(1.0, s_levels[0].Density);
        Assert.Equal(34.0 / 1207, s_levels[3].Density);
    }

    [Fact]
    public void A_level_does_not_read_back_the_level_before_it_that_is_still_in_memory()
    {
        var runs = new CountedLookups();
        TicketSearch search = SmallSearch.Of(SmallSearch.WithAdam, runs);
        RunResult[] results = [.. search.Plan(1).Select(run => search.Complete(run))];
        Assert.Equal(results.Length, runs.Lookups);
    }

    [Fact]
    public void A_ticket_starts_from_the_first_weights_times_its_mask()
    {
        Weights first = s_levels[0].Ticket.Initial;
        Assert.Equal(Fingerprint.Of(InitialWeights.Sample(SmallSearch.Network, 1)), Fingerprint.Of(first));
        foreach (Level level in s_levels)
            Assert.Equal(Fingerprint.Of(Times(level.Ticket.Mask, first)), Fingerprint.Of(level.Ticket.Initial));
    }

    [Fact]
    public void A_mask_keeps_the_largest_final_weights_of_the_mask_before()
    {
        for (int i = 1; i < s_levels.Length; i++)
            for (int p = 0; p < 6; p += 2)
            {
                RunResult before = s_levels[i - 1].Ticket, after = s_levels[i].Ticket;
                float[] kept = Values(before, p, k => after.Mask[p]![k]);
                float[] gone = Values(before, p, k => before.Mask[p]![k] && !after.Mask[p]![k]);
                Assert.True(kept.Min() >= gone.DefaultIfEmpty().Max());
                Assert.DoesNotContain(Enumerable.Range(0, after.Mask[p]!.Length), k => after.Mask[p]![k] && !before.Mask[p]![k]);
                Assert.Equal(kept.Min(), after.Pruning.Thresholds[after.Mask.Network.Parameters[p].Name]);
            }
    }

    [Fact]
    public void A_level_of_which_no_weight_is_below_the_threshold_is_not_trained()
    {
        TicketSearch search = SmallSearch.Of(SmallSearch.WithAdam, pruning: new() { Levels = 1, Threshold = 1e-9 });
        Assert.Equal("Level 1 of seed 1 removes nothing: no weight that may be pruned has a score below the threshold 1E-09; use 0 levels, or a larger threshold.",
            Assert.Throws<UserException>(() => search.Run(1).ToArray()).Message);
    }

    [Fact]
    public void Pruned_weights_are_zero_from_beginning_to_end()
    {
        foreach (RunResult run in s_runs)
            foreach (Weights weights in (Weights[])[run.Initial, run.Best, run.Final])
                Assert.Equal(Fingerprint.Of(Times(run.Mask, weights)), Fingerprint.Of(weights));
    }

    [Fact]
    public void Reinit_has_the_tickets_mask_and_other_weights()
    {
        foreach (Level level in s_levels[1..])
        {
            RunResult control = level.Controls[0];
            Assert.Equal(Control.Reinit, control.Specification.Control);
            Assert.Equal(level.Ticket.Mask, control.Mask);
            Weights fresh = InitialWeights.Resample(SmallSearch.Network, 1, $"reinit/level-{level.Number}");
            Assert.Equal(Fingerprint.Of(Times(control.Mask, fresh)), Fingerprint.Of(control.Initial));
            Assert.NotEqual(Fingerprint.Of(level.Ticket.Initial), Fingerprint.Of(control.Initial));
        }
    }

    [Fact]
    public void Random_mask_has_the_tickets_counts_and_the_first_weights()
    {
        foreach (Level level in s_levels[1..])
        {
            RunResult control = level.Controls[1];
            Assert.Equal(Control.RandomMask, control.Specification.Control);
            Assert.NotEqual(level.Ticket.Mask, control.Mask);
            for (int p = 0; p < 6; p += 2) Assert.Equal(level.Ticket.Mask[p]!.Count(), control.Mask[p]!.Count());
            Assert.Equal(Fingerprint.Of(Times(control.Mask, s_levels[0].Ticket.Initial)), Fingerprint.Of(control.Initial));
        }
    }

    [Theory]
    [InlineData(PruneSchedule.Iterative)]
    [InlineData(PruneSchedule.OneShot)]
    public void Controls_are_never_parents(PruneSchedule schedule)
    {
        ImmutableArray<RunSpecification> plan =
            SmallSearch.Of(SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { Schedule = schedule }).Plan(1);
        Assert.Equal(10, plan.Length);
        Assert.Equal(10, plan.Distinct().Count());
        foreach (RunSpecification run in plan.Skip(1))
        {
            Assert.Equal(Control.None, run.Parent!.Control);
            Assert.True(plan.IndexOf(run.Parent) < plan.IndexOf(run));
            int expected = run.Control != Control.None ? run.Level : schedule == PruneSchedule.OneShot ? 0 : run.Level - 1;
            Assert.Equal(expected, run.Parent.Level);
        }
    }

    [Fact]
    public void Level_1_of_both_schedules_is_one_run()
    {
        ImmutableArray<RunSpecification> iterative = SmallSearch.Of(SmallSearch.WithAdam).Plan(1),
            oneShot = SmallSearch.Of(SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { Schedule = PruneSchedule.OneShot }).Plan(1);
        Assert.Equal(iterative[..4], oneShot[..4]);
        Assert.Empty(iterative[4..].Intersect(oneShot[4..]));
    }

    [Theory]
    [InlineData(PruneScope.Layer)]
    [InlineData(PruneScope.Network)]
    public void One_shot_keeps_as_many_as_iterative(PruneScope scope)
    {
        PruningSettings iterative = SmallSearch.Pruning with { Scope = scope };
        PruningSettings oneShot = iterative with { Schedule = PruneSchedule.OneShot };
        Level[] expected = [.. SmallSearch.Of(SmallSearch.WithAdam, pruning: iterative).Run(1)];
        Level[] actual = [.. SmallSearch.Of(SmallSearch.WithAdam, pruning: oneShot).Run(1)];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i].Ticket.Mask.Kept, actual[i].Ticket.Mask.Kept);
            for (int p = 0; scope == PruneScope.Layer && p < 6; p += 2)
                Assert.Equal(expected[i].Ticket.Mask[p]!.Count(), actual[i].Ticket.Mask[p]!.Count());
        }
        Assert.Equal(expected[1].Ticket.Mask, actual[1].Ticket.Mask);
        Assert.NotEqual(expected[3].Ticket.Mask, actual[3].Ticket.Mask);
    }

    [Fact]
    public void Every_run_of_a_replicate_sees_the_same_batches()
    {
        ImmutableArray<string> orders = s_levels[0].Ticket.BatchOrders;
        Assert.Equal(3, orders.Length);
        Assert.Equal(3, orders.Distinct().Count());
        Assert.All(s_runs, run => Assert.Equal(orders, run.BatchOrders));
        Assert.Empty(orders.Intersect(SmallSearch.Of(SmallSearch.WithAdam).Run(2).First().Ticket.BatchOrders));
    }

    [Fact]
    public void Late_rewinding_starts_from_the_dense_weights_of_that_step()
    {
        PruningSettings late = SmallSearch.Pruning with { Levels = 2, RewindTo = 13 };
        Level[] levels = [.. SmallSearch.Of(SmallSearch.WithSgd, pruning: late).Run(1)];
        Weights there = SmallSearch.Of(SmallSearch.WithSgd with { Steps = 13 }).Run(1).First().Ticket.Final;
        foreach (Level level in levels[1..])
        {
            RunResult reinit = level.Controls[0], random = level.Controls[1];
            Assert.Equal(Fingerprint.Of(Times(level.Ticket.Mask, there)), Fingerprint.Of(level.Ticket.Initial));
            Assert.Equal(Fingerprint.Of(Times(random.Mask, there)), Fingerprint.Of(random.Initial));
            Assert.NotEqual(Fingerprint.Of(level.Ticket.Initial), Fingerprint.Of(reinit.Initial));
            Assert.Equal([13, 20, 30, 35], level.Ticket.Evaluations.Select(evaluation => evaluation.Step));
        }
        Assert.Equal([0, 10, 20, 30, 35], levels[0].Ticket.Evaluations.Select(evaluation => evaluation.Step));
    }

    [Fact]
    public void Late_rewinding_to_the_start_is_rewinding() => Assert.Equal(
        Fingerprint.Of(SmallSearch.Of(SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { RewindTo = 0 }).Results()),
        Fingerprint.Of(s_runs));

    [Fact]
    public void A_run_that_is_known_is_not_trained_again()
    {
        var runs = new MemoryRunStore();
        PruningSettings shallow = SmallSearch.Pruning with { Levels = 1 };
        IReadOnlyList<RunResult> first = SmallSearch.Of(SmallSearch.WithAdam, runs, shallow).Results();
        IReadOnlyList<RunResult> more = SmallSearch.Of(SmallSearch.WithAdam, runs).Results();
        Assert.All(first.Zip(more), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(10, more.Count);
    }

    [Fact]
    public void A_network_without_prunable_weights_is_trained_and_not_pruned()
    {
        Network network = new NetworkBuilder(Shape.Flat(37)).Output(5, prunable: false).Build("unprunable");
        TicketSearch search = new(network, SmallSearch.Data) { Pruning = new(), Training = SmallSearch.WithAdam };
        Assert.Equal(1, Assert.Single(search.Run(1)).Density);
        UserException refused = Assert.Throws<UserException>(() => new TicketSearch(network, SmallSearch.Data) { Pruning = SmallSearch.Pruning, Training = SmallSearch.WithAdam }.Plan(1));
        Assert.Contains("unprunable has no prunable weights", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UserException>(() => new SupermaskSearch(network, SmallSearch.Data) { Training = SmallSearch.WithSgd }.Plan(1));
    }

    [Fact]
    public void Random_pruning_takes_no_notice_of_the_weights()
    {
        RunResult[] tickets = [.. new[] { SmallSearch.WithAdam, SmallSearch.WithSgd }.Select(training =>
            new TicketSearch(SmallSearch.Network, SmallSearch.Data)
            {
                Pruning = SmallSearch.Pruning, Training = training, Criterion = Criterion.Random,
            }.Run(1).ElementAt(1).Ticket)];
        Assert.Equal(tickets[0].Mask, tickets[1].Mask);
    }

    private static float[] Values(RunResult run, int parameter, Func<int, bool> where) =>
        [.. Enumerable.Range(0, run.Mask[parameter]!.Length).Where(where).Select(k => Math.Abs(run.Final[parameter][k]))];

    private static Weights Times(Mask mask, Weights weights)
    {
        Weights product = weights.Clone();
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int k = 0; k < product[p].Length; k++)
                if (mask[p]?[k] == false) product[p][k] = 0;
        return product;
    }

    /// <summary>A store in memory that counts how often a run was looked for.</summary>
    private sealed class CountedLookups : IRunStore
    {
        private readonly MemoryRunStore _inner = new();

        public int Lookups { get; private set; }

        public RunResult? Find(RunSpecification run)
        {
            Lookups++;
            return _inner.Find(run);
        }

        public IRunSession Begin(RunSpecification run, CancellationToken cancellationToken) => _inner.Begin(run, cancellationToken);

        public Weights? FindSnapshot(RunSpecification dense, int step) => _inner.FindSnapshot(dense, step);

        public void KeepSnapshot(RunSpecification dense, int step, Weights weights) => _inner.KeepSnapshot(dense, step, weights);

        public ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellationToken) =>
            _inner.BeginSnapshot(dense, step, cancellationToken);
    }
}
