using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

/// <summary>The weights of dense runs at steps that are rewound to, in a store.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly RunSpecification s_dense = MadeUp.Dense();
    private static readonly Weights s_weights = MadeUp.Result(s_dense).Best;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_kept_by_run_and_step()
    {
        RunStore store = Kept();
        Assert.Equal(s_weights.Sha256, Store().FindSnapshot(s_dense, 20)!.Sha256);
        Assert.Null(store.FindSnapshot(s_dense, 21));
        Assert.Null(store.FindSnapshot(MadeUp.Dense(7), 20));
        using ISnapshotSession session = Store().BeginSnapshot(s_dense, 20, CancellationToken.None);
        Assert.Equal(s_weights.Sha256, session.Finished!.Sha256);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_damaged_one_is_made_again(int cut)
    {
        RunStore store = Kept();
        string file = Path.Combine(store.Paths.Snapshot(RunIdentity.Of(s_dense), 20), StorePaths.WeightsFile);
        byte[] bytes = File.ReadAllBytes(file);
        if (cut > 0) bytes = bytes[..cut];
        else bytes[50] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(store.FindSnapshot(s_dense, 20));
        Assert.Contains("; the dense run is trained to step 20 again.", Assert.Single(_warnings), StringComparison.Ordinal);
        using (ISnapshotSession session = store.BeginSnapshot(s_dense, 20, CancellationToken.None))
        {
            Assert.Null(session.Finished);
            session.Finish(s_weights);
        }
        Assert.Equal(s_weights.Sha256, Store().FindSnapshot(s_dense, 20)!.Sha256);
    }

    [Fact]
    public void The_training_to_it_resumes_and_leaves_nothing()
    {
        RunStore store = Store();
        using (ISnapshotSession session = store.BeginSnapshot(s_dense, 20, CancellationToken.None))
        {
            Assert.Null(session.Resume);
            session.Save(MadeUp.Checkpoint(s_dense, 10));
        }
        Assert.True(store.CollectGarbage() == 0);
        using (ISnapshotSession session = store.BeginSnapshot(s_dense, 20, CancellationToken.None))
        {
            Assert.Equal(10, session.Resume!.Step);
            session.Finish(s_weights);
        }
        string folder = store.Paths.Snapshot(RunIdentity.Of(s_dense), 20);
        Assert.Equal([StorePaths.WeightsFile], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void It_goes_with_the_dense_run_and_an_unfinished_one_with_the_leftovers()
    {
        RunStore store = Kept();
        MadeUp.Keep(store, s_dense);
        using (ISnapshotSession session = store.BeginSnapshot(MadeUp.Dense(7), 20, CancellationToken.None)) session.Save(MadeUp.Checkpoint(MadeUp.Dense(7), 10));
        store.Discard(null);
        Assert.Single(Directory.EnumerateDirectories(store.Paths.Snapshots));
        store.Remove([RunIdentity.Of(s_dense)]);
        Assert.Empty(Directory.EnumerateDirectories(store.Paths.Snapshots));
    }

    [Fact]
    public void A_study_that_rewinds_to_several_steps_takes_them_all_from_one_dense_run()
    {
        Study study = Study.FromText("study", "{ network: mlp:37-24-11-5, data: { set: small, validation: 100 }, train: { steps: 40 }, "
            + "prune: { levels: 1 }, matrix: { prune.rewind-to: [0, 30, 10] }, replicates: 1 }");
        var plan = StudyPlan.Create(study, _ => SmallSearch.Data.Dataset, new MemoryRunStore());
        Assert.Equal([30, 10], Assert.IsType<TicketSearch>(plan.Tasks.Single(task => task.Run.IsDense).Search).Snapshots);
    }

    private RunStore Kept()
    {
        RunStore store = Store();
        store.Create();
        store.KeepSnapshot(s_dense, 20, s_weights);
        return store;
    }

    private RunStore Store() => new(_folder["store"]) { Warn = _warnings.Add };
}
