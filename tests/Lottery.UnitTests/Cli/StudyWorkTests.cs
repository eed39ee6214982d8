using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Specifications;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

/// <summary>What a study is estimated to cost: of late rewinding also the dense training to the step, where it is needed.</summary>
public sealed class StudyWorkTests : IDisposable
{
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
        Assert.InRange(Work(store).Seconds - Work(store).Missing.Sum(task => WorkEstimate.Seconds(task.Run, 200)),
            0.999 * WorkEstimate.SecondsTo(25, dense), 1.001 * WorkEstimate.SecondsTo(25, dense));
        store.KeepSnapshot(dense, 25, MadeUp.Result(dense).Final);
        Assert.Equal(0, Prefix(Work(store)), 1e-3);
    }

    private static double Prefix(StudyWork work) => work.MultiplyAdds - work.Missing.Sum(task => WorkEstimate.MultiplyAdds(task.Run, 200));

    private static StudyWork Work(RunStore store) => new(Study.FromText("study", "{ network: mlp:37-24-11-5, data: { set: small, validation: 100 }, train: { steps: 40 }, "
        + "prune: { levels: 2, rewind-to: 25 }, controls: [reinit, random-mask], replicates: 1, seed: 3 }"), store, load: _ => SmallSearch.Data.Dataset);
}
