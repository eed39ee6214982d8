using Lottery.Data;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

/// <summary>What a study is estimated to cost: of late rewinding also the dense training to the step, where it is needed.</summary>
public sealed class StudyWorkTests : IDisposable
{
    private static readonly double s_zeros = ZeroInputs.ShareOf(SmallSearch.Data.Dataset.Train);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_dense_training_to_the_step_counts_once_where_nothing_has_its_weights()
    {
        RunStore store = new(_folder["store"]);
        RunSpecification dense = Work(store).Missing[0].Run;
        Assert.True(dense.IsDense);
        Assert.Equal(0, Prefix(Work(store)), 1e-3);
        MadeUp.Keep(store, dense);
        Assert.Equal(6, Work(store).Missing.Length);
        Assert.Equal(WorkEstimate.MultiplyAddsTo(25, dense), Prefix(Work(store)), 1e-3);
        Assert.InRange(Work(store).Seconds - Work(store).Missing.Sum(task => WorkEstimate.Seconds(task.Run, 200, s_zeros)),
            0.999 * WorkEstimate.SecondsTo(25, dense, s_zeros), 1.001 * WorkEstimate.SecondsTo(25, dense, s_zeros));
        store.KeepSnapshot(dense, 25, MadeUp.Result(dense).Final);
        Assert.Equal(0, Prefix(Work(store)), 1e-3);
    }

    [Fact]
    public void A_part_of_a_plan_is_the_runs_with_its_ids_that_are_missing()
    {
        RunStore store = new(_folder["store"]);
        StudyWork all = Work(store);
        string[] ids = [.. all.Missing.Select(task => RunIdentity.Of(task.Run))];
        MadeUp.Keep(store, all.Missing[0].Run);
        StudyWork part = Work(store).Only(new HashSet<string> { ids[0], ids[2], ids[3], new('0', 64) });
        Assert.True(part.IsPart);
        Assert.False(all.IsPart);
        Assert.Equal([ids[2], ids[3]], part.Missing.Select(task => RunIdentity.Of(task.Run)));
        Assert.Equal(all.Plan.Ids, part.Plan.Ids);
        Assert.Equal(part.Missing.Sum(task => part.Cost(task.Run)), part.Seconds);
        // One seed has one list of the examples.
        Assert.Equal(sizeof(int) * (long)SmallSearch.Data.Dataset.Train.Count, part.Memory.Shared - new RunMemory(part.Plan.Data.Values).Shared);
    }

    private static double Prefix(StudyWork work) => work.MultiplyAdds - work.Missing.Sum(task => WorkEstimate.MultiplyAdds(task.Run, 200));

    private static StudyWork Work(RunStore store) => new(Study.FromText("study", "{ network: mlp:37-24-11-5, data: { set: small, validation: 100 }, train: { steps: 40 }, "
        + "prune: { levels: 2, rewind-to: 25 }, controls: [reinit, random-mask], replicates: 1, seed: 3 }"), store, load: _ => SmallSearch.Data.Dataset);
}
