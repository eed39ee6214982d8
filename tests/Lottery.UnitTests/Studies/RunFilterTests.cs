using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.UnitTests.Report.Dashboard;

namespace Lottery.UnitTests.Studies;

public class RunFilterTests
{
    private static readonly RunSummary Ticket = SnapshotOf.Run(seed: 1, level: 3, density: 0.0713) with { Studies = ["criteria"] };

    [Theory]
    [InlineData("", true)]
    [InlineData("large-final", true)]
    [InlineData("LENET mnist", true)]
    [InlineData("lenet cifar", false)]
    [InlineData("level=3 seed=1", true)]
    [InlineData("level=2", false)]
    [InlineData("density<10%", true)]
    [InlineData("density<=0.0713 density>7%", true)]
    [InlineData("density>10%", false)]
    [InlineData("early_stop_step<=900 final_accuracy>0.89", true)]
    [InlineData("thresholded_accuracy>0", false)]
    [InlineData("accuracy>=0.5", true)]
    [InlineData("control=ticket studies=criteria", true)]
    [InlineData("control=reinit", false)]
    [InlineData("00000000000000010003", true)]
    public void Every_term_must_hold(string text, bool accepted)
    {
        var filter = new RunFilter(text);
        Assert.Null(filter.Problem);
        Assert.Equal(accepted, filter.Accepts(Ticket));
    }

    [Theory]
    [InlineData("levle=3", "levle=3: there is no 'levle'; did you mean 'level'?")]
    [InlineData("density<small", "density<small: density< needs a number, as in density<1 or density<10%.")]
    [InlineData("network>x", "network>x: network is text, which can only be compared with =, as in network=x.")]
    public void What_is_wrong_is_reported(string text, string problem) => Assert.Equal(problem, new RunFilter(text).Problem);

    [Fact]
    public void The_number_of_terms_is_bounded()
    {
        Assert.Null(new RunFilter(string.Join(' ', Enumerable.Repeat("lenet mnist", 1_000))).Problem);
        var filter = new RunFilter(string.Join(' ', Enumerable.Range(0, 2_600).Select(i => $"seed>={-i}")));
        Assert.Equal("A filter has at most 30 terms; those after the first 30 are ignored.", filter.Problem);
        Assert.True(filter.Accepts(Ticket));
    }
}
