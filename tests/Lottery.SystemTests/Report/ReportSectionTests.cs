using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.SystemTests.Report;

public sealed class ReportSectionTests : IDisposable
{
    private readonly ReportStore _made = new();
    private readonly RunStore _store;
    private readonly ReportSection _section;
    private readonly RunDetails _details;

    public ReportSectionTests()
    {
        _store = _made.Store;
        _section = Assert.Single(new SectionReader(_store).Read(_store.List().Select(run => run.Id)));
        _details = new(_store);
    }

    public void Dispose() => _made.Dispose();

    [Fact]
    public void A_condition_is_runs_that_differ_only_in_seed_and_level()
    {
        Assert.Equal(["criterion", "control"], _section.Axes.Select(axis => axis.Name));
        Assert.Equal(["criterion large-final", "reinitialized, criterion large-final", "criterion abs(wi)"],
            _section.Conditions.Select(one => one.Name).OrderBy(name => name.EndsWith(')')).ThenBy(name => name.Length));
        Assert.Equal("criterion large-final", _section.Conditions[0].Name);
        Assert.All(_section.Conditions, one => Assert.Equal([0, 1, 2], one.Levels.Select(level => level.Level)));
        Assert.All(_section.Conditions.SelectMany(one => one.Levels), level => Assert.Equal(2, level.Runs.Length));
        Assert.Equal(_store.List().Select(run => run.Id).Order(), _section.Runs.Select(run => run.Id).Order());
    }

    [Fact]
    public void The_chart_of_accuracy_has_the_means_of_the_store()
    {
        Chart chart = DensityCharts.Accuracy(_section);
        ImmutableArray<RunSummary> runs = _store.List();
        var line = (LineMark)chart.Frames[0].Panels[0].Marks[0];
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Where(level => Math.Abs(line.Points[level].Y - runs
            .Where(run => run.Level == level && run.Control == Control.None && run.Criterion is null or "large-final").Average(run => run.Accuracy)) < 1e-12));
        Assert.All(line.Points, point => Assert.True(point.Low <= point.Y && point.Y <= point.High && point.Count == 2));
    }

    [Fact]
    public void Learning_curves_have_the_evaluations_of_the_store()
    {
        Chart chart = LearningCurveChart.Create(_section, _details)!;
        Assert.Equal(2, chart.Frames.Length);
        LineMark ticket = chart.Frames[0].Panels[0].Marks.OfType<LineMark>().Single(mark => mark.Name == "criterion large-final");
        var evaluations = _section.Conditions[0].Levels[1].Runs.Select(run => _store.Evaluations(run.Id)).ToArray();
        Assert.Equal([0, 20, 40, 60, 80, 100, 120], ticket.Points.Select(point => (int)point.X));
        Assert.All(ticket.Points.Index(), point => Assert.Equal(evaluations.Average(run => run[point.Index].Accuracy), point.Item.Y, 1e-12));
    }

    [Fact]
    public void Images_of_masks_have_one_value_per_input_and_an_average_of_1()
    {
        Chart chart = MaskImageChart.Create(_section, _details)!;
        Assert.All(chart.Frames.SelectMany(frame => frame.Panels), panel =>
        {
            double[] values = [.. ((HeatMapMark)panel.Marks[0]).Values.SelectMany(row => row)];
            Assert.Equal(20, values.Length);
            Assert.Equal(1, values.Average(), 1e-9);
        });
    }

    [Fact]
    public void The_movement_chart_shows_which_weights_the_first_pruning_kept()
    {
        Chart chart = MovementChart.Create(_section, _details)!;
        Assert.Equal(["large-final", "abs(wi)"], chart.Frames[0].Panels.Select(panel => panel.Label));
        ChartPanel byFinal = chart.Frames[0].Panels[0], byInitial = chart.Frames[0].Panels[1];
        // 40 % of the layer are pruned: the smallest after training, or the smallest before.
        Assert.True(Of(byFinal, "pruned").Max(dot => Math.Abs(dot.Y)) <= Of(byFinal, "kept").Min(dot => Math.Abs(dot.Y)) * 1.001);
        Assert.True(Of(byInitial, "pruned").Max(dot => Math.Abs(dot.X)) <= Of(byInitial, "kept").Min(dot => Math.Abs(dot.X)) * 1.001);
        Assert.Equal((128, 192), (Of(byFinal, "pruned").Length, Of(byFinal, "kept").Length));

        static ImmutableArray<(double X, double Y)> Of(ChartPanel panel, string name) => panel.Marks.OfType<PointMark>().Single(mark => mark.Name == name).Points;
    }

    [Fact]
    public void Histograms_are_fractions_of_the_kept_weights() => Assert.All(
        LayerCharts.Weights(_section, _details)!.Frames.SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<LineMark>(),
        line => Assert.Equal(1, line.Points.Sum(point => point.Y), 1e-9));

    [Fact]
    public void One_replicate_has_no_interval_and_says_so()
    {
        using var store = new ReportStore(replicates: 1, levels: 1, other: false);
        ReportSection section = Assert.Single(new SectionReader(store.Store).Read(store.Store.List().Select(run => run.Id)));
        var charts = SectionCharts.Create(section, new(store.Store));
        Assert.All(charts.Charts.SelectMany(chart => chart.Frames).SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<LineMark>(),
            line => Assert.All(line.Points, point => Assert.True(double.IsNaN(point.Low) && double.IsNaN(point.High))));
        Assert.Contains("one replicate", DensityCharts.Accuracy(section).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_its_weights_leaves_its_charts_out_with_a_sentence()
    {
        foreach (RunSummary run in _store.List())
            foreach (string name in (string[])[StorePaths.DigestFile, StorePaths.TensorsFile]) File.WriteAllText(Path.Combine(_store.Paths.Run(run.Id), name), "torn");
        var charts = SectionCharts.Create(_section, _details);
        Assert.DoesNotContain(charts.Charts, chart => chart.Key is "movement" or "weights" or "mask-images");
        Assert.Equal(3, charts.Omissions.Length);
        Assert.Equal(_store.List().Length, _details.Problems.Count());
    }
}
