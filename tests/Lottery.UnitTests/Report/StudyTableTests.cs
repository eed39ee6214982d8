using Lottery.Networks;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

public class StudyTableTests
{
    private static readonly StudyGroup Large = Group("large-final", 98.0, 98.1, 98.3);

    private static readonly StudyTable Typical = Table(
        Large, Group("random", 96.9, 97.2, 97.3), Group("movement", 98.0, 98.2, 98.2), Group("small-final", 90.0, 91.0, 92.5));

    [Fact]
    public void Cells_that_share_their_dense_runs_share_a_row()
    {
        Assert.Equal([0, 1, 1, 1, 1], Typical.Rows.Select(row => row.Level));
        Assert.Equal([null, "large-final", "random", "movement", "small-final"], Typical.Rows.Select(row => row.Values[0]));
    }

    [Fact]
    public void Differences_are_paired_and_corrected_within_a_density()
    {
        StudyRow[] rows = [.. Typical.Rows.Where(row => row.Level == 1)];
        Assert.Null(rows[0].Difference);
        double[] p = [.. rows[1..].Select(row => row.Difference!.P)];
        Assert.Equal(PairedDifference.FromValues([-0.011, -0.009, -0.01]).P, p[0], 1e-9);
        Assert.Equal(Holm.Adjust(p), rows[1..].Select(row => row.HolmP));
        Assert.Equal([0, -1, 0, -1], rows.Select(row => row.Verdict));
    }

    [Fact]
    public void The_highest_mean_of_a_density_is_marked() => Assert.Equal(
        ["large-final"], Typical.Rows.Where(row => row.IsBest).Select(row => row.Values[0]));

    [Fact]
    public void The_finding_claims_what_was_shown()
    {
        string finding = StudyFinding.Describe(Typical);
        Assert.StartsWith("Down to 64.1 % of the weights the reference (criterion large-final) is as good as the dense network (at most 0.3 points lower, 95 %, Holm over 1 density). "
            + "Its accuracy is shown to be higher at 64.1 %, compared with that of the dense network; it stops later at 64.1 %. "
            + "Of the others, as good as the dense network: criterion movement down to 64.1 %, criterion random at none, criterion small-final at none. "
            + "At 64.1 % of the weights, the sparsest such density, the reference (criterion large-final) has 98.1 % [97.8 98.5]; ", finding, StringComparison.Ordinal);
        // The intervals are those of Holm's step-down rates, computed elsewhere with the closed form of t for 2 degrees of freedom.
        Assert.Contains("; worse: criterion small-final by −7.0 points [−10.9 −3.0], criterion random by −1.0 points [−1.4 −0.6]; ", finding, StringComparison.Ordinal);
        Assert.Contains("; no difference shown: criterion movement by 0.0 points [−0.2 +0.2] ", finding, StringComparison.Ordinal);
        Assert.EndsWith(" (paired by 3 seeds, 95 %, verdicts and intervals corrected by Holm over 3 comparisons).", finding, StringComparison.Ordinal);
        Assert.DoesNotContain("better", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_replicate_has_the_interval_of_its_test_images_where_they_are_known()
    {
        StudyGroup[] groups = [Group("large-final", 98.0), Group("random", 97.0)];
        Assert.Equal(IntervalKind.TestImages, Table(groups).Rows[1].Value.Over);
        Assert.Equal(IntervalKind.None, StudyTable.Create([RunFields.Get("criterion")], groups, groups[0]).Rows[1].Value.Over);
        Assert.Equal("One replicate, so nothing is claimed over seeds: at 64.1 % of the weights the accuracy is: criterion large-final 98.0 % [97.7 98.3], criterion random "
            + "97.0 % [96.6 97.3], the dense network 97.5 % [97.2 97.8] (Wilson's 95 % over 10,000 test images).", StudyFinding.Describe(Table(groups)));
    }

    [Fact]
    public void The_number_of_replicates_is_a_column_where_it_differs()
    {
        Assert.DoesNotContain(Typical.Columns, column => column.Heading == "n");
        StudyTable survivors = Table(Large, Group("random", 97.0));
        TableColumn<StudyRow> n = Assert.Single(survivors.Columns, column => column.Heading == "n");
        Assert.Equal(["3", "1"], survivors.Rows.Where(row => row.Level == 1).Select(row => n.Text(row)));
        // One survivor has no interval over test images beside intervals over seeds.
        Assert.Equal(IntervalKind.None, survivors.Rows.Single(row => row.Value.Count == 1 && row.Level == 1).Value.Over);
    }

    [Fact]
    public void A_reference_without_runs_compares_nothing()
    {
        StudyGroup empty = new(["large-final"], []);
        var table = StudyTable.Create([RunFields.Get("criterion")], [empty, Group("random", 97.0, 97.1)], empty);
        Assert.All(table.Rows, row => Assert.Null(row.Difference));
        Assert.Equal("The reference (criterion large-final) has no runs, so nothing is compared.", StudyFinding.Describe(table));
    }

    [Fact]
    public void Where_layers_are_never_pruned_the_papers_count_of_all_weights_stands_beside_ours()
    {
        // resnet-18: 267,696 prunable weights, and 3,200 of shortcuts and output. Frankle & Carbin name 41.7, 27.1, 21.9 and 11.8 %.
        Network network = NetworkCatalogue.Get("resnet-18");
        double[] ours = [0.4096, 0.262144, 0.2097152, 0.1073741824];
        RunSummary Run(int level, double density) => SearchOutcomes.At(1, Control.None, 90).Single() is var run
            ? run with
            {
                Id = $"{level}", Weights = network.PrunableCount, Kept = (int)Math.Round(density * network.PrunableCount),
                Specification = run.Specification with { Network = network, Level = level },
            } : run;
        StudyGroup group = new([], [.. ours.Select((density, i) => Run(1 + i, density))]);
        StudyTable table = StudyTable.Create([], [group], group);
        TableColumn<StudyRow> all = table.Columns.Single(column => column.Heading == "of all weights");
        Assert.Equal(["41.7 %", "27.1 %", "21.9 %", "11.8 %"], table.Rows.Select(all.Text));
        Assert.Equal(["41.0 %", "26.2 %", "21.0 %", "10.7 %"], table.Rows.Select(table.Columns[0].Text));
        Assert.DoesNotContain(SearchOutcomes.Typical.Columns, column => column.Heading == "of all weights");
    }

    [Fact]
    public void Wilsons_interval_is_for_the_images_of_one_run_only()
    {
        RunSummary one = SearchOutcomes.At(1, Control.RandomMask, 90).Single(), learned = one with { Specification = one.Specification with { Supermask = new() } };
        RunSummary second = one with { Id = "b", Specification = one.Specification with { Draw = 1 } };
        Assert.Equal(IntervalKind.TestImages, Metric.Accuracy.Estimate([one], 10_000).Over);
        Assert.Equal(IntervalKind.TestImages, Metric.FinalAccuracy.Estimate([one], 10_000).Over);
        Assert.Equal(IntervalKind.None, Metric.Accuracy.Estimate([learned], 10_000).Over);
        Assert.Equal(IntervalKind.None, Metric.Accuracy.Estimate([one, second], 10_000).Over);
        Assert.Equal(IntervalKind.None, Metric.TrainingAccuracy.Estimate([one], 10_000).Over);
        Assert.Equal(IntervalKind.None, Metric.EarlyStop.Estimate([one], 10_000).Over);
        Assert.Equal(IntervalKind.None, Metric.Accuracy.Estimate([one], 0).Over);
    }

    [Fact]
    public void A_table_is_about_the_metric_that_is_asked_for()
    {
        RunSummary[] Tested(IEnumerable<RunSummary> runs, double more) => [.. runs.Select(run => run with { Metrics = run.Metrics with { Tested = [new(50, run.Accuracy + more, 1)] } })];
        StudyGroup group = new([], [.. Tested(SearchOutcomes.Dense(90, 91), 0.01), .. Tested(SearchOutcomes.At(1, Control.None, 92, 93), 0.02)]);
        StudyTable table = StudyTable.Create([], [group], group, new() { Metric = Metric.AtStep(50) });
        Assert.Equal([0.915, 0.945], table.Rows.Select(row => Math.Round(row.Value.Mean, 6)));
        Assert.Equal(0.03, table.Rows[1].AgainstDense!.Value.Estimate.Mean, 1e-12);
        Assert.Contains(table.Columns, column => column.Heading == "accuracy at step 50");
        Assert.Equal("Compared: test accuracy at step 50.", table.Notes.First());
        Assert.Empty(StudyTable.Create([], [group], group, new() { Metric = Metric.AtStep(60) }).Rows);
    }

    private static StudyTable Table(params StudyGroup[] groups) => StudyTable.Create([RunFields.Get("criterion")], groups, groups[0], new() { TestImages = 10_000 });

    private static StudyGroup Group(string criterion, params double[] percent)
    {
        IEnumerable<RunSummary> dense = SearchOutcomes.Dense([.. percent.Select((_, i) => 97.5 + 0.1 * i)]);
        return new([criterion], [.. dense, .. SearchOutcomes.At(criterion, 1, Control.None, percent)]);
    }
}
