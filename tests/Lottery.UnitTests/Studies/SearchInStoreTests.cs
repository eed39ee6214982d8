using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.UnitTests.Studies;

/// <summary>The search with a store behind it: the same bits as in memory, nothing trained twice.</summary>
public sealed class SearchInStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_keeps_what_memory_keeps()
    {
        TicketSearch inMemory = Search(new MemoryRunStore());
        RunStore store = Store();
        ImmutableArray<RunOutcome> outcomes = new RunExecutor().Run(RunTask.Of(Search(store), 3), jobs: 2, Cancellation);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        foreach (RunSpecification run in inMemory.Plan(3))
        {
            Assert.Null(RunStages.FirstDifference(RunStages.Of(inMemory.Complete(run, cancellationToken: Cancellation)), store.Stages(RunIdentity.Of(run))));
        }
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
    }

    [Fact]
    public void What_is_there_is_not_trained_again()
    {
        RunStore store = Store();
        foreach (RunSpecification run in Search(store).Plan(3)) Search(store).Complete(run, cancellationToken: Cancellation);
        TicketSearch again = Search(Store(), progress: new Reporter<RunProgress>(_ => Assert.Fail("Something trained.")));
        Assert.Equal(2, again.Run(3, Cancellation).Count() - 1);
    }

    [Fact]
    public void Initial_weights_are_stored_only_where_the_seed_does_not_give_them()
    {
        RunStore store = Store();
        foreach (int rewindTo in new[] { 0, 30 })
            foreach (RunSpecification run in Search(store, rewindTo: rewindTo).Plan(3))
            {
                RunResult result = Search(store, rewindTo: rewindTo).Complete(run, cancellationToken: Cancellation);
                int biases = run.Network.Parameters.Where(parameter => !parameter.Prunable).Sum(parameter => parameter.Count);
                long values = sizeof(float) * (result.Mask.Kept + biases);
                long size = new FileInfo(Path.Combine(store.Paths.Run(RunIdentity.Of(run)), "tensors.bin")).Length;
                bool stored = rewindTo > 0 && run.IsPruned && run.Control != Control.Reinit;
                Assert.InRange(size - (stored ? 3 : 2) * values, 0, values - 1);
            }
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Interrupted_anywhere_a_search_ends_with_the_same_bits(int rewindTo)
    {
        TicketSearch whole = Search(new MemoryRunStore(), rewindTo: rewindTo);
        int sessions = 0;
        while (true)
        {
            using var interruption = new CancellationTokenSource();
            int reports = 0;
            TicketSearch search = Search(Store(), progress: new Reporter<RunProgress>(_ =>
            {
                if (++reports == 2) interruption.Cancel();
            }), rewindTo);
            sessions++;
            ImmutableArray<RunOutcome> outcomes = new RunExecutor().Run(RunTask.Of(search, 3), jobs: 1, interruption.Token);
            if (outcomes.All(outcome => outcome.State == RunState.Finished)) break;
        }
        Assert.True(sessions > 10);
        foreach (RunSpecification run in whole.Plan(3))
        {
            Assert.Null(RunStages.FirstDifference(RunStages.Of(whole.Complete(run, cancellationToken: Cancellation)), Store().Stages(RunIdentity.Of(run))));
            Assert.Equal(whole.Complete(run, cancellationToken: Cancellation).Evaluations, Store().Load(RunIdentity.Of(run)).Evaluations);
        }
    }

    [Fact]
    public void Tests_on_the_way_are_kept_beside_evaluations()
    {
        RunStore store = Store();
        TicketSearch search = Search(store);
        var tested = new TicketSearch(search.Network, search.Data)
        {
            Pruning = new(), Training = search.Training with { Measurements = new() { TestAt = [15, 20, 70] } }, Runs = store,
        };
        RunResult run = tested.Run(3, Cancellation).Single().Ticket;
        string id = RunIdentity.Of(run.Specification);
        Assert.Equal(run.Evaluations.AsEnumerable(), store.Evaluations(id));
        Assert.Equal(run.Metrics.Tested.AsEnumerable(), store.Load(id).Metrics.Tested);
        using StoreDatabase database = StoreDatabase.Open(store, threads: 1);
        using QueryAnswer rows = database.Ask("SELECT step, loss IS NOT NULL, test_loss > 0 FROM metrics WHERE test_accuracy BETWEEN 0 AND 1 ORDER BY step");
        Assert.Equal([[15, false, true], [20, true, true], [70, true, true]], rows.Rows());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunStore Store() => new(_folder["store"]) { Warn = Assert.Fail };

    private static TicketSearch Search(IRunStore runs, IProgress<RunProgress>? progress = null, int rewindTo = 0) =>
        new(NetworkCatalogue.Get("mlp:12-9-4"), Data.Split(40, 1))
        {
            Pruning = new() { Levels = 2, Fc = 0.5m, Output = 0.25m, RewindTo = rewindTo },
            Training = new() { Steps = 70, Batch = 10, Evaluate = 10 },
            Controls = [Control.Reinit, Control.RandomMask],
            Runs = runs,
            Progress = progress,
        };

    private static Dataset Data { get; } = Dataset.Create("noise", 4, Noise(240, 1), Noise(50, 2));

    private static Examples Noise(int count, int seed)
    {
        var random = new Random(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(4))];
        byte[] pixels =
        [
            .. labels.SelectMany(label =>
                Enumerable.Range(0, 12).Select(i => (byte)(random.Next(200) + (i == label ? 55 : 0)))),
        ];
        return new(pixels, labels, 12);
    }
}
