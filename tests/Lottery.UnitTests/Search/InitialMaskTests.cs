using Lottery.Actions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;
using Lottery.UnitTests.Masks;

namespace Lottery.UnitTests.Search;

/// <summary>Searches that begin with a mask: transplanted to other seeds, pruned further, held against controls.</summary>
public sealed class InitialMaskTests : IDisposable
{
    private static readonly Mask s_mask = Pruner.Cut(Mask.Full(SmallSearch.Network), InitialWeights.Sample(SmallSearch.Network, 9),
        InitialWeights.Sample(SmallSearch.Network, 9), Criterion.LargeFinal, new(0, 0.5m, 0.5m), PruneScope.Layer, 9, 1).Mask;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_training_has_the_mask_on_its_own_seeds_weights()
    {
        Level root = Search(levels: 0).Run(5, TestContext.Current.CancellationToken).Single();
        Weights own = InitialWeights.Sample(SmallSearch.Network, 5);
        Assert.Equal(s_mask, root.Ticket.Mask);
        for (int i = 0; i < own[0].Length; i++)
            Assert.Equal(s_mask[0]![i] ? own[0][i] : 0, root.Ticket.Initial[0][i]);
        for (int i = 0; i < own[0].Length; i++)
            if (!s_mask[0]![i]) Assert.Equal(0, root.Ticket.Final[0][i]);
        Assert.Null(root.Ticket.Pruning.Masking);
    }

    [Fact]
    public void Its_actions_are_those_of_the_search()
    {
        RunResult root = Search(levels: 0, mask1: Mask1.Get("constant(0.25)"), mask0: Mask0.Initial)
            .Run(5, TestContext.Current.CancellationToken).Single().Ticket;
        Weights own = InitialWeights.Sample(SmallSearch.Network, 5);
        for (int i = 0; i < own[0].Length; i++)
            Assert.Equal(s_mask[0]![i] ? 0.25f : MathF.Abs(own[0][i]), MathF.Abs(root.Initial[0][i]));
    }

    [Fact]
    public void Controls_are_made_of_the_mask()
    {
        Level root = Search(levels: 0).Run(5, TestContext.Current.CancellationToken).Single();
        (RunResult reinit, RunResult random) = (root.Controls[0], root.Controls[1]);
        Assert.Equal(s_mask, reinit.Mask);
        Weights fresh = InitialWeights.Resample(SmallSearch.Network, 5, "reinit/level-0");
        for (int i = 0; i < fresh[0].Length; i++) Assert.Equal(s_mask[0]![i] ? fresh[0][i] : 0, reinit.Initial[0][i]);
        Assert.NotEqual(s_mask, random.Mask);
        Assert.Equal(s_mask[0]!.Count(), random.Mask[0]!.Count());
        Assert.Equal(RunIdentity.Of(root.Ticket.Specification), RunIdentity.Of(random.Specification.Parent!));
    }

    [Theory]
    [InlineData(PruneSchedule.Iterative)]
    [InlineData(PruneSchedule.OneShot)]
    public void Levels_prune_further_from_it(PruneSchedule schedule)
    {
        Level[] levels = [.. Search(levels: 2, schedule: schedule).Run(5, TestContext.Current.CancellationToken)];
        int kept = s_mask[0]!.Count();
        foreach (Level level in levels)
        {
            Assert.Equal(kept, level.Ticket.Mask[0]!.Count());
            kept -= (int)(kept * 0.7);
            for (int i = 0; i < s_mask[0]!.Length; i++) Assert.True(s_mask[0]![i] || !level.Ticket.Mask[0]![i]);
        }
        Assert.Equal(levels[schedule == PruneSchedule.OneShot ? 0 : 1].Ticket.Specification, levels[2].Ticket.Specification.Parent);
    }

    [Fact]
    public void Untrained_it_is_evaluated_itself()
    {
        RunResult evaluated = Search(levels: 0, untrained: true).Run(5, TestContext.Current.CancellationToken).Single().Ticket;
        RunResult trained = Search(levels: 0).Run(5, TestContext.Current.CancellationToken).Single().Ticket;
        Assert.Equal(trained.Evaluations[0], Assert.Single(evaluated.Evaluations));
        Assert.Equal(Fingerprint.Of(evaluated.Initial), Fingerprint.Of(evaluated.Final));
    }

    [Fact]
    public void A_full_mask_trains_as_the_dense_network_does()
    {
        RunResult full = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Start = new(Mask.Full(SmallSearch.Network)), Pruning = new(), Training = SmallSearch.WithAdam,
        }.Results()[0];
        RunResult dense = SmallSearch.Of(SmallSearch.WithAdam, pruning: new()).Results()[0];
        Assert.Equal(dense.Initial[0].ToArray(), full.Initial[0].ToArray());
        Assert.Equal(dense.Accuracy, full.Accuracy, 0.1);
        Assert.NotEqual(RunIdentity.Of(dense.Specification), RunIdentity.Of(full.Specification));
    }

    [Fact]
    public void The_store_keeps_it_and_checks_it_without_the_file()
    {
        var store = new RunStore(_folder["store"]);
        IReadOnlyList<RunResult> runs = Search(levels: 1, runs: store).Results(5);
        Assert.All(new RunStore(_folder["store"]).Verify(), check => Assert.Empty(check.Problems));
        string id = RunIdentity.Of(runs[0].Specification);
        Assert.Equal(s_mask, store.Load(id).Mask);
        Assert.Equal(s_mask, new StartingPointReader(store).ReadMask(id[..12], SmallSearch.Network));
        Assert.Equal(s_mask.Sha256, store.List().Single(run => run.Id == id).Specification.Start?.Mask);
        RunSpecification deepest = store.Summary(RunIdentity.Of(runs[3].Specification)).Specification;
        Assert.Equal(runs[3].Specification.Start, deepest.Start);
        // The mask of the run is the mask of the file: the search goes on from the run as it would from the file.
        TicketSearch again = Search(levels: 1, runs: store, given: new StartingPointReader(store).ReadMask(id, SmallSearch.Network));
        Assert.Equal(runs.Select(run => RunIdentity.Of(run.Specification)), again.Plan(5).Select(RunIdentity.Of));
    }

    [Fact]
    public void An_interrupted_training_goes_on_with_the_same_bits()
    {
        var store = new RunStore(_folder["store"]);
        using (var stop = new CancellationTokenSource())
        {
            TicketSearch search = Search(levels: 0, runs: store, progress: new Reporter<RunProgress>(now => { if (now.Step >= 10) stop.Cancel(); }));
            Assert.Throws<OperationCanceledException>(() => search.Results(5, stop.Token));
        }
        RunResult resumed = Search(levels: 0, runs: store).Results(5)[0], whole = Search(levels: 0).Results(5)[0];
        Assert.Equal(Fingerprint.Of([whole]), Fingerprint.Of([resumed]));
    }

    [Fact]
    public void What_makes_no_sense_is_told()
    {
        Says("depends on how training moved a weight", () => Search(levels: 1, mask0: Mask0.ZeroIfDecreased).Plan(1));
        Says("use 0 levels", () => Search(levels: 1, untrained: true).Plan(1));
        Says("The initial mask belongs to mlp:7-5-2", () => Search(levels: 1, given: Mask.Full(SomeLayers.Network)).Plan(1));

        static void Says(string what, Action plan) => Assert.Contains(what, Assert.Throws<UserException>(plan).Message, StringComparison.Ordinal);
    }

    private static TicketSearch Search(
        int levels, Mask1? mask1 = null, Mask0? mask0 = null, bool untrained = false, PruneSchedule schedule = PruneSchedule.Iterative,
        IRunStore? runs = null, Mask? given = null, IProgress<RunProgress>? progress = null) => new(SmallSearch.Network, SmallSearch.Data)
    {
        Start = new(given ?? s_mask), Mask1 = mask1 ?? Mask1.Rewind, Mask0 = mask0 ?? Mask0.Zero,
        Pruning = SmallSearch.Pruning with { Levels = levels, Untrained = untrained, Schedule = schedule },
        Training = SmallSearch.WithAdam, Controls = [Control.Reinit, Control.RandomMask], Runs = runs ?? new MemoryRunStore(), Progress = progress,
    };
}
