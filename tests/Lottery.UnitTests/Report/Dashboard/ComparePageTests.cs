using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Dashboard;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report.Dashboard;

public class ComparePageTests
{
    [Fact]
    public void Replicates_of_a_condition_are_one_group_and_groups_are_named_by_what_differs()
    {
        RunSummary[] runs = [Run(0, "large-final"), Run(1, "large-final"), Run(2, "large-final"), Run(0, "random")];
        Assert.Equal([("criterion large-final, 3 seeds", 3), ("criterion random", 1)], ComparedRuns.Group(runs).Select(group => (group.Name, group.Runs.Length)));
        Assert.Equal([("level 1", 1), ("level 2", 1)], ComparedRuns.Group([SnapshotOf.Run(0, 1), SnapshotOf.Run(0, 2)]).Select(group => (group.Name, group.Runs.Length)));
        Assert.Equal(["seed 0", "seed 1"], ComparedRuns.Group([.. runs.Take(2)])[0].Single().Select(group => group.Name));
    }

    [Fact]
    public void Several_replicates_are_a_mean_with_a_band_and_a_mark_for_each_early_stop()
    {
        RunCurve two = new("two", [Evaluated(0.5, 0.7, stop: 10), Evaluated(0.6, 0.9, stop: 0)]), one = new("one", [Evaluated(0.2, 0.3, stop: null)]);
        LineMark[] marks = [.. RunCurves.Create([two, one], 10).First().Frames[0].Panels[0].Marks.Cast<LineMark>()];
        Assert.Equal([("two", 1, true), ("two", 1, true), ("two", 2, false), ("one", 2, false)], marks.Select(mark => (mark.Name, mark.Points.Length, mark.HasMarkers)));
        Assert.Equal([(10, 0.7), (0, 0.6)], marks[..2].Select(mark => ((int)mark.Points[0].X, mark.Points[0].Y)));
        Assert.Equal(0.8, marks[2].Points[1].Y, 12);
        Assert.True(marks[2].Points[1].Low < 0.8 && marks[2].Points[1].High > 0.8);
        Assert.True(double.IsNaN(marks[3].Points[1].Low));
    }

    [Fact]
    public void A_caption_claims_no_interval_where_none_is_drawn()
    {
        Assert.DoesNotContain("interval", RunCurves.Create([new("one", [Evaluated(0.2, 0.3, stop: 10)])], 10).First().Text, StringComparison.Ordinal);
        Assert.Contains("95 % intervals over 2 replicates", RunCurves.Create([new("two", [Evaluated(0.2, 0.3, 10), Evaluated(0.2, 0.4, 10)])], 10).First().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_difference_is_stated_for_two_and_for_many()
    {
        ImmutableArray<(string, string)> a = Stages("1", "1", "1"), b = Stages("1", "2", "2"), c = Stages("2", "1", "1");
        Assert.Equal("No stage differs: the runs are bit-identical.", ComparePage.FirstDifference([a, a]));
        Assert.Equal("The first stage that differs: initial weights.", ComparePage.FirstDifference([a, b]));
        Assert.Equal("All 2 others differ from the first run, first at: mask.", ComparePage.FirstDifference([a, c, c]));
        Assert.Equal("Different from the first run are 1 run first at: mask; 2 runs first at: initial weights. Bit-identical to it: 1 run.",
            ComparePage.FirstDifference([a, b, c, a, b]));
    }

    private static RunSummary Run(ulong seed, string criterion) => MadeUp.Summary(
        $"{seed}{criterion}".PadRight(64, 'a'), "lenet-300-100", seed, 1, 0.5, 0.9, criterion: criterion);

    private static Evaluated Evaluated(double first, double last, int? stop) =>
        new([new(0, 1, first, double.NaN), new(10, 1, last, 1)], stop);

    private static ImmutableArray<(string, string)> Stages(string mask, string initial, string scores) =>
        [("mask", mask), ("initial weights", initial), ("batch order of epoch 1", "1"), ("best scores", scores)];
}
