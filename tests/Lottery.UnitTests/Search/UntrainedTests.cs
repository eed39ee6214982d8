using Lottery.Actions;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Search;

/// <summary>Supermasks at initialization: masks of the trained network on weights that were never trained.</summary>
public sealed class UntrainedTests
{
    private static readonly PruningSettings s_pruning = SmallSearch.Pruning with { Untrained = true };

    [Fact]
    public void Only_the_dense_network_is_trained()
    {
        IReadOnlyList<RunResult> runs = SmallSearch.Of(SmallSearch.WithAdam, pruning: s_pruning).Results();
        Assert.Equal(40, runs[0].Evaluations[^1].Step);
        Assert.All(runs.Skip(1), run =>
        {
            Assert.Equal((0, 0), (run.Specification.Training.Steps, Assert.Single(run.Evaluations).Step));
            Assert.Equal(Fingerprint.Of(run.Initial), Fingerprint.Of(run.Final));
            Assert.Equal(run.Accuracy, run.Metrics.FinalAccuracy);
        });
    }

    [Fact]
    public void Masks_are_cut_from_the_dense_network_whatever_the_schedule_says()
    {
        TicketSearch untrained = SmallSearch.Of(SmallSearch.WithAdam, pruning: s_pruning);
        TicketSearch oneShot = SmallSearch.Of(
            SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { Schedule = PruneSchedule.OneShot });
        Assert.Equal(oneShot.Results().Select(run => run.Mask), untrained.Results().Select(run => run.Mask));
    }

    [Fact]
    public void A_run_says_at_step_0_what_its_mask_does_untrained()
    {
        IReadOnlyList<RunResult> untrained = SmallSearch.Of(SmallSearch.WithAdam, pruning: s_pruning).Results();
        IReadOnlyList<RunResult> trained = SmallSearch.Of(
            SmallSearch.WithAdam, pruning: SmallSearch.Pruning with { Schedule = PruneSchedule.OneShot }).Results();
        Assert.Equal(
            trained.Skip(1).Select(run => run.Evaluations[0]), untrained.Skip(1).Select(run => run.Evaluations[0]));
    }

    [Fact]
    public void Signed_constants_are_what_is_evaluated()
    {
        var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Pruning = s_pruning, Training = SmallSearch.WithAdam, Mask1 = Mask1.Get("constant-same-sign"),
        };
        RunResult run = search.Results()[1];
        for (int i = 0; run.Mask[0] is { } kept && i < kept.Length; i++)
            Assert.Equal(kept[i] ? MathF.Abs(run.Initial[0][FirstKept(run)]) : 0, MathF.Abs(run.Initial[0][i]));
    }

    private static int FirstKept(RunResult run)
    {
        int i = 0;
        while (!run.Mask[0]![i]) i++;
        return i;
    }
}
