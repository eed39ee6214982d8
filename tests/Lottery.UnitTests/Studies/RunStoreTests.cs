using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;
using Lottery.Training;

namespace Lottery.UnitTests.Studies;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunStoreTests() => _store = new(_folder["store"]) { Initial = MadeUp.Initial };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_is_only_read_is_not_made()
    {
        Assert.Empty(_store.List());
        Assert.Null(_store.Find(MadeUp.Dense()));
        Assert.Throws<UserException>(() => _store.Resolve("ab"));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_bit_of_a_finished_run_comes_back(bool regenerate)
    {
        RunStore store = regenerate ? _store : new(_folder["store"]) { Initial = (_, _) => null };
        RunSpecification dense = MadeUp.Dense(), ticket = MadeUp.Next(dense);
        RunSpecification control = MadeUp.Next(ticket, Control.Reinit);
        foreach (RunSpecification run in new[] { dense, ticket, control })
        {
            MadeUp.Keep(store, run);
            AssertSame(MadeUp.Result(run), store.Find(run)!);
            var again = new RunStore(_folder["store"]) { Initial = store.Initial };
            AssertSame(MadeUp.Result(run), again.Load(RunIdentity.Of(run)));
        }
    }

    [Fact]
    public void Initial_weights_that_the_seed_gives_are_not_stored()
    {
        var without = new RunStore(_folder["other"]) { Initial = (_, _) => null };
        MadeUp.Keep(_store, MadeUp.Dense());
        MadeUp.Keep(without, MadeUp.Dense());
        long Size(RunStore store) =>
            new FileInfo(Path.Combine(store.Paths.Run(RunIdentity.Of(MadeUp.Dense())), "tensors.bin")).Length;
        Assert.Equal(MadeUp.Tiny.Parameters.Sum(p => p.Count) * sizeof(float), Size(without) - Size(_store));
    }

    [Fact]
    public void Listing_says_what_a_run_was_and_where_it_belongs()
    {
        RunSpecification dense = MadeUp.Dense(), ticket = MadeUp.Next(dense);
        RunSpecification control = MadeUp.Next(ticket, Control.RandomMask);
        foreach (RunSpecification run in new[] { control, dense, ticket }) MadeUp.Keep(_store, run);
        _store.AddToStudy("b", [RunIdentity.Of(dense), RunIdentity.Of(ticket)]);
        _store.AddToStudy("a", [RunIdentity.Of(dense)]);

        ImmutableArray<RunSummary> runs = _store.List();

        Assert.Equal(new[] { dense, ticket, control }.Select(RunIdentity.Of), runs.Select(run => run.Id));
        Assert.Equal([null, runs[0].Id, runs[0].Id], runs.Select(run => run.Parent));
        Assert.Equal([null, null, runs[1].Id], runs.Select(run => run.Ticket));
        Assert.Equal(["a", "b"], runs[0].Studies);
        Assert.Equal(["b"], runs[1].Studies);
        Assert.Equal([null, "large-final", "large-final"], runs.Select(run => run.Criterion));
        Assert.Equal([Control.None, Control.None, Control.RandomMask], runs.Select(run => run.Control));
        Assert.Equal(
            [1.0, MadeUp.MaskOf(ticket).Density, MadeUp.MaskOf(control).Density],
            runs.Select(run => run.Density));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("torn")]
    [InlineData("rubbish")]
    [InlineData("rubbish-behind")]
    [InlineData("too-much")]
    public void The_index_can_be_rebuilt(string harm)
    {
        RunSpecification dense = MadeUp.Dense(), ticket = MadeUp.Next(dense);
        MadeUp.Keep(_store, dense);
        MadeUp.Keep(_store, ticket);
        string index = _store.Paths.IndexFile;
        if (harm == "missing") File.Delete(index);
        if (harm == "empty") File.WriteAllText(index, "");
        if (harm == "torn") File.WriteAllBytes(index, File.ReadAllBytes(index)[..^20]);
        if (harm == "rubbish") File.WriteAllBytes(index, [.. "{}\nnonsense\n\n"u8, .. File.ReadAllBytes(index)]);
        if (harm == "rubbish-behind") File.WriteAllBytes(index, [.. File.ReadAllBytes(index), .. "nonsense"u8]);
        if (harm == "too-much") Directory.Delete(_store.Paths.Run(RunIdentity.Of(ticket)), recursive: true);

        string[] expected = harm == "too-much" ? [RunIdentity.Of(dense)] : [RunIdentity.Of(dense), RunIdentity.Of(ticket)];
        Assert.Equal(expected, _store.List().Select(run => run.Id));
        Assert.Equal(expected.Order(), IndexFile.Read(File.ReadAllBytes(index), out bool clean).Select(record => record.Id).Order());
        Assert.True(clean);
        Assert.Equal(expected, _store.List().Select(run => run.Id));
    }

    [Fact]
    public void A_run_that_is_given_back_goes_on_from_its_checkpoint()
    {
        RunSpecification run = MadeUp.Dense();
        Checkpoint saved = MadeUp.Checkpoint(run, 200);
        using (IRunSession session = _store.Begin(run, CancellationToken.None))
        {
            Assert.Null(session.Resume);
            session.Report(saved.Evaluations[0]);
            session.Save(MadeUp.Checkpoint(run, 100));
            session.Save(saved);
        }

        Assert.Empty(_store.List());
        using IRunSession again = _store.Begin(run, CancellationToken.None);
        Checkpoint resumed = again.Resume!;
        Assert.Equal((200, saved.LossSum, saved.Seconds, saved.EvaluationSeconds),
            (resumed.Step, resumed.LossSum, resumed.Seconds, resumed.EvaluationSeconds));
        Assert.Equal(saved.Evaluations, resumed.Evaluations);
        Assert.Equal(saved.BatchOrders, resumed.BatchOrders);
        Assert.Equal(saved.Weights!.Current.Sha256, resumed.Weights!.Current.Sha256);
        Assert.Equal(saved.Weights.Best.Sha256, resumed.Weights.Best.Sha256);
        Assert.Equal(saved.Weights.Moments.Select(moment => moment.Sha256), resumed.Weights.Moments.Select(moment => moment.Sha256));
        again.Finish(MadeUp.Result(run));
        Assert.Empty(Directory.EnumerateDirectories(_store.Paths.Active));
    }

    [Fact]
    public async Task Whoever_waits_for_a_claim_gets_the_result()
    {
        RunSpecification run = MadeUp.Dense();
        using IRunSession first = _store.Begin(run, CancellationToken.None);
        Task<RunResult?> waiting = Task.Run(() =>
        {
            var other = new RunStore(_folder["store"]) { Initial = MadeUp.Initial };
            using IRunSession second = other.Begin(run, CancellationToken.None);
            return second.Finished;
        });
        await Task.Delay(250, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        first.Finish(MadeUp.Result(run));
        AssertSame(MadeUp.Result(run), (await waiting)!);
    }

    [Fact]
    public async Task Waiting_for_a_claim_can_be_cancelled()
    {
        using IRunSession first = _store.Begin(MadeUp.Dense(), CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        Task waiting = Task.Run(() => _store.Begin(MadeUp.Dense(), cancellation.Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static void AssertSame(RunResult expected, RunResult actual)
    {
        Assert.Equal(RunIdentity.Of(expected.Specification), RunIdentity.Of(actual.Specification));
        Assert.Equal(expected.Mask, actual.Mask);
        Assert.Equal(expected.Initial.Sha256, actual.Initial.Sha256);
        Assert.Equal(expected.Best.Sha256, actual.Best.Sha256);
        Assert.Equal(expected.Final.Sha256, actual.Final.Sha256);
        Assert.Equal(expected.Evaluations, actual.Evaluations);
        Assert.Equal(expected.Pruning.Thresholds, actual.Pruning.Thresholds);
        Assert.Equal(expected.Pruning.KeptLast, actual.Pruning.KeptLast);
        Assert.Equal(expected.BatchOrders, actual.BatchOrders);
        Assert.Equal(expected.Metrics, actual.Metrics);
    }
}
