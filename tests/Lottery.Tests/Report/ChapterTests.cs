using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Sections;
using Lottery.Studies.Store;

namespace Lottery.Tests;

public sealed class ChapterTests : IDisposable
{
    private readonly ReportStore _made = new();
    private readonly RunStore _store;
    private readonly Chapter _chapter;
    private readonly RunDetails _details;

    public ChapterTests()
    {
        _store = _made.Store;
        _chapter = Assert.Single(new ChapterReader(_store).Read(_store.List().Select(run => run.Id)));
        _details = new(_store);
    }

    public void Dispose() => _made.Dispose();

    [Fact]
    public void A_treatment_is_what_differs_in_seed_and_level_alone()
    {
        Assert.Equal(["control", "criterion"], _chapter.Axes);
        Assert.Equal(["large-final", "reinitialized, large-final", "abs(wi)"], _chapter.Treatments.Select(one => one.Name).OrderBy(name => name.Length == 7).ThenBy(name => name.Length));
        Assert.Equal("large-final", _chapter.Treatments[0].Name);
        Assert.All(_chapter.Treatments, one => Assert.Equal([0, 1, 2], one.Levels.Select(level => level.Level)));
        Assert.All(_chapter.Treatments.SelectMany(one => one.Levels), level => Assert.Equal(2, level.Runs.Length));
        Assert.Equal(_store.List().Select(run => run.Id).Order(), _chapter.Runs.Select(run => run.Id).Order());
    }

    [Fact]
    public void The_figure_of_accuracy_has_the_means_of_the_store()
    {
        Figure figure = DensityViews.Accuracy(_chapter);
        ImmutableArray<RunRecord> runs = _store.List();
        var line = (Line)figure.Frames[0].Panels[0].Marks[0];
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Where(level => Math.Abs(line.Points[level].Y - runs
            .Where(run => run.Level == level && run.Control == "none" && run.Criterion is null or "large-final").Average(run => run.Accuracy)) < 1e-12));
        Assert.All(line.Points, spot => Assert.True(spot.Low <= spot.Y && spot.Y <= spot.High && spot.Count == 2));
    }

    [Fact]
    public void Learning_curves_have_the_evaluations_of_the_store()
    {
        Figure figure = LearningCurves.Of(_chapter, _details)!;
        Assert.Equal(2, figure.Frames.Length);
        Line ticket = figure.Frames[0].Panels[0].Marks.OfType<Line>().Single(mark => mark.Name == "large-final");
        var evaluations = _chapter.Treatments[0].Levels[1].Runs.Select(run => _store.Evaluations(run.Document)).ToArray();
        Assert.Equal([0, 20, 40, 60, 80, 100, 120], ticket.Points.Select(spot => (int)spot.X));
        Assert.All(ticket.Points.Index(), spot => Assert.Equal(evaluations.Average(run => run[spot.Index].Accuracy), spot.Item.Y, 1e-12));
    }

    [Fact]
    public void Images_of_masks_have_one_value_an_input_and_an_even_mean()
    {
        Figure figure = MaskImages.Of(_chapter, _details)!;
        Assert.All(figure.Frames.SelectMany(frame => frame.Panels), panel =>
        {
            double[] values = [.. ((Heat)panel.Marks[0]).Values.SelectMany(row => row)];
            Assert.Equal(20, values.Length);
            Assert.Equal(1, values.Average(), 1e-9);
        });
    }

    [Fact]
    public void What_a_criterion_keeps_is_what_the_first_cut_kept()
    {
        Figure figure = MovementView.Of(_chapter, _details)!;
        Assert.Equal(["large-final", "abs(wi)"], figure.Frames[0].Panels.Select(panel => panel.Label));
        Panel byFinal = figure.Frames[0].Panels[0], byInitial = figure.Frames[0].Panels[1];
        // 40 % of the layer go: the smallest after training, or the smallest before.
        Assert.True(Of(byFinal, "pruned").Max(dot => Math.Abs(dot.Y)) <= Of(byFinal, "kept").Min(dot => Math.Abs(dot.Y)) * 1.001);
        Assert.True(Of(byInitial, "pruned").Max(dot => Math.Abs(dot.X)) <= Of(byInitial, "kept").Min(dot => Math.Abs(dot.X)) * 1.001);
        Assert.Equal((128, 192), (Of(byFinal, "pruned").Length, Of(byFinal, "kept").Length));

        static ImmutableArray<(double X, double Y)> Of(Panel panel, string name) => panel.Marks.OfType<Dots>().Single(mark => mark.Name == name).Points;
    }

    [Fact]
    public void Histograms_are_shares_of_the_kept_weights() => Assert.All(
        LayerViews.Weights(_chapter, _details)!.Frames.SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<Line>(),
        line => Assert.Equal(1, line.Points.Sum(spot => spot.Y), 1e-9));

    [Fact]
    public void One_replicate_has_no_interval_and_says_so()
    {
        using var made = new ReportStore(replicates: 1, levels: 1, other: false);
        Chapter chapter = Assert.Single(new ChapterReader(made.Store).Read(made.Store.List().Select(run => run.Id)));
        var views = AllViews.Of(chapter, new(made.Store));
        Assert.All(views.Figures.SelectMany(figure => figure.Frames).SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<Line>(),
            line => Assert.All(line.Points, spot => Assert.True(double.IsNaN(spot.Low) && double.IsNaN(spot.High))));
        Assert.Contains("one replicate", DensityViews.Accuracy(chapter).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_its_weights_leaves_its_figures_out_with_a_sentence()
    {
        foreach (RunRecord run in _store.List()) File.WriteAllText(Path.Combine(_store.Paths.Run(run.Id), StorePaths.DigestFile), "torn");
        var views = AllViews.Of(_chapter, _details);
        Assert.DoesNotContain(views.Figures, figure => figure.Key is "movement" or "weights" or "mask-images");
        Assert.Equal(3, views.Left.Length);
        Assert.Equal(_store.List().Length, _details.Problems.Count());
    }
}
