using Lottery.Actions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

/// <summary>Everything that works on linear layers works on images: same bits however run, every way to prune, interrupted or not.</summary>
public sealed class ImageSearchTests
{
    private const string Golden = "ebe9027d24196080d25fd969e6a9b19d9bbd141e009b79036cd3f40468651eaf";

    private static readonly Lazy<string> s_bits = new(SmallImages.Fingerprint);

    public static TheoryData<string> CriterionNames => [.. Criterion.All.Select(criterion => criterion.Name)];

    public static TheoryData<string> Mask1Names => [.. Mask1.All.Select(action => action.Name)];

    public static TheoryData<string> Mask0Names => [.. Mask0.All.Select(action => action.Name)];

    [Fact]
    public void The_bits_are_those_of_old() => Assert.Equal(Golden, s_bits.Value);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_number_of_threads_finds_the_same_bits(int threads)
    {
        TicketSearch search = SmallImages.Of();
        Assert.Equal(s_bits.Value, Fingerprint.Of(search.Plan(1).Select(run => search.Complete(run, threads))));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(11, false)]
    [InlineData(7, true)]
    public void Stopped_and_gone_on_finds_the_same_bits(int steps, bool crash)
    {
        var kept = new MemoryRunStore();
        while (true)
        {
            using var source = new CancellationTokenSource();
            try
            {
                TicketSearch search = SmallImages.Of(new InterruptedRuns(kept, steps, crash ? null : source));
                Assert.Equal(s_bits.Value, Fingerprint.Of(search.Results(1, source.Token)));
                return;
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or IOException)
            {
            }
        }
    }

    [Fact]
    public void Layers_that_are_not_prunable_are_never_masked_and_always_train()
    {
        RunResult last = SmallImages.Of().Results()[^3];
        int shortcut = Enumerable.Range(0, last.Mask.Network.Parameters.Length)
            .Single(i => last.Mask.Network.Parameters[i] is { Role: ParameterRole.Weight, Prunable: false });
        Assert.Null(last.Mask[shortcut]);
        Assert.DoesNotContain(0f, last.Final[shortcut].ToArray());
        Assert.NotEqual(last.Initial[shortcut].ToArray(), last.Final[shortcut].ToArray());
    }

    [Fact]
    public void All_layers_compete_where_the_scope_is_the_network()
    {
        RunResult level = Ticket(SmallImages.Of(pruning: new() { Levels = 1, Conv = 0.35m, Scope = PruneScope.Network }));
        int all = SmallImages.Network.PrunableCount;
        Assert.Equal(all - (int)(all * 0.35m), level.Mask.Kept);
    }

    [Fact]
    public void Rewound_late_it_goes_on_from_the_dense_run()
    {
        TicketSearch search = SmallImages.Of(pruning: new() { Levels = 1, Conv = 0.6m, RewindTo = 4 });
        RunResult level = Ticket(search);
        // Running means are part of the dense run's place.
        int mean = Enumerable.Range(0, SmallImages.Network.Parameters.Length)
            .First(i => SmallImages.Network.Parameters[i].Role == ParameterRole.RunningMean);
        Assert.Contains(level.Initial[mean].ToArray(), value => value != 0);
        Assert.Equal(4, level.Evaluations[0].Step);
    }

    [Theory]
    [MemberData(nameof(CriterionNames))]
    public void Every_criterion_cuts(string name) => Check(new TicketSearch(SmallImages.Network, SmallImages.Data)
    {
        Criterion = Criterion.Get(name), Pruning = One, Training = SmallImages.Of().Training,
    });

    [Theory]
    [MemberData(nameof(Mask1Names))]
    public void Every_mask_1_action_starts(string name) => Check(new TicketSearch(SmallImages.Network, SmallImages.Data)
    {
        Mask1 = Mask1.Get(name), Pruning = One, Training = SmallImages.Of().Training,
    });

    [Theory]
    [MemberData(nameof(Mask0Names))]
    public void Every_mask_0_action_freezes(string name)
    {
        RunResult level = Check(new TicketSearch(SmallImages.Network, SmallImages.Data)
        {
            Mask0 = Mask0.Get(name), Pruning = One, Training = SmallImages.Of().Training,
        });
        for (int p = 0; p < level.Mask.Network.Parameters.Length; p++)
            for (int k = 0; level.Mask[p] is { } kept && k < kept.Length; k++)
                if (!kept[k]) Assert.Equal(level.Initial[p][k], level.Final[p][k]);
    }

    [Fact]
    public void A_supermask_at_initialization_is_evaluated_without_training()
    {
        RunResult level = Ticket(SmallImages.Of(pruning: new() { Levels = 2, Conv = 0.3m, Untrained = true }));
        Assert.Equal(level.Initial[0].ToArray(), level.Final[0].ToArray());
        Assert.Single(level.Evaluations);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_supermask_is_learned_with_the_same_bits_on_any_number_of_threads(bool rescale)
    {
        Network network = new NetworkBuilder(new(2, 6, 6))
            .Convolution(8, 3).Relu().Convolution(9, 3, stride: 2).Relu().Flatten().Linear(12).Relu().Output(4).Build("learned");
        string[] bits = [.. new[] { 1, 3 }.Select(threads =>
        {
            var search = new SupermaskSearch(network, SmallImages.Data)
            {
                Supermask = new() { Rescale = rescale },
                Training = new() { Optimizer = Optimizer.Sgd(20, momentum: 0.9), Batch = 30, Steps = 8, Evaluate = 4 },
            };
            RunResult run = search.Complete(search.Plan(1)[0], threads);
            Assert.InRange(run.Mask.Density, 0.05, 0.95);
            Assert.Contains(run.Scores!.Final[0].ToArray(), score => score != 0);
            return Fingerprint.Of([run]);
        })];
        Assert.Equal(bits[0], bits[1]);
    }

    private static PruningSettings One { get; } = new() { Levels = 1, Conv = 0.7m, Fc = 0.6m, Output = 0.5m };

    private static RunResult Ticket(TicketSearch search) => search.Run(1).Last().Ticket;

    private static RunResult Check(TicketSearch search)
    {
        RunResult level = Ticket(search);
        for (int p = 0; p < level.Mask.Network.Parameters.Length; p++)
        {
            Parameter parameter = level.Mask.Network.Parameters[p];
            if (!parameter.Prunable) continue;
            decimal rate = parameter.Kind switch { LayerKind.Conv => 0.7m, LayerKind.Fc => 0.6m, _ => 0.5m };
            Assert.Equal(parameter.Count - (int)(parameter.Count * rate), level.Mask[p]!.Count());
        }
        Assert.True(double.IsFinite(level.Metrics.FinalLoss));
        return level;
    }
}
