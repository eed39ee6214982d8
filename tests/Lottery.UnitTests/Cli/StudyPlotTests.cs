using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Cli;

public class StudyPlotTests
{
    [Fact]
    public void A_letter_for_each_cell_and_a_dot_for_the_reference()
    {
        StudyGroup reference = Group("large-final", 0.98, 0.97), other = Group("random", 0.98, 0.90);
        string[] lines = [.. PlotText.Lines(StudyTable.Create([RunFields.Get("criterion")], [reference, other], reference))];
        Assert.Equal("  98.0 ┤●                                              ● criterion large-final", lines[0]);
        Assert.Equal("       │                                            ●  a criterion random", lines[1]);
        Assert.Equal("  90.0 ┤                                            a", lines[6]);
        Assert.Equal("        100 %                                       50 %", lines[7]);
    }

    [Fact]
    public void More_cells_than_letters_that_one_can_tell_apart_are_counted()
    {
        StudyGroup[] groups = [.. Enumerable.Range(0, 20).Select(i => Group($"c{i}", 0.9, 0.8 - 0.01 * i))];
        string[] lines = [.. PlotText.Lines(StudyTable.Create([RunFields.Get("criterion")], groups, groups[0]))];
        Assert.Contains(lines, line => line.EndsWith("m criterion c13", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("and 6 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_do_not_fit_beside_the_plot_stand_below_it()
    {
        StudyGroup reference = Group("large-final", 0.98, 0.97), other = Group("a criterion with a long name, and one more word", 0.98, 0.90);
        string[] lines = [.. PlotText.Lines(StudyTable.Create([RunFields.Get("criterion")], [reference, other], reference), 80)];
        Assert.Equal(["        ● criterion large-final", "        a criterion a criterion with a long name, and one more word"], lines[^2..]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("", new double[] { 1 })]
    [InlineData("▁▁▁", new double[] { 1, 1, 1 })]
    [InlineData("▁█", new double[] { 0, double.NaN, 1 })]
    [InlineData("▁▃▆█", new double[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void A_curve_in_a_line(string line, double[] values) => Assert.Equal(line, SparkText.Of(values, 4));

    private static StudyGroup Group(string name, double dense, double sparse) =>
        new([name], [Run("dense", 0, 1, dense), Run($"{name}-1", 1, 0.5, sparse)]);

    private static RunSummary Run(string id, int level, double density, double accuracy) =>
        MadeUp.Summary(id, "mlp:7-5-3", 1, level, density, accuracy);
}
