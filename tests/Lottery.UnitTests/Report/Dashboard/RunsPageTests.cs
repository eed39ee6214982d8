using System.Text.RegularExpressions;
using Lottery.Report.Dashboard;
using Lottery.Report.Tables;

namespace Lottery.UnitTests.Report.Dashboard;

public partial class RunsPageTests
{
    private static readonly StoreSnapshot Many =
        SnapshotOf.Runs(Enumerable.Range(0, 250).Select(seed => SnapshotOf.Run((ulong)seed, seed % 2)));

    [Theory]
    [InlineData(1, 100, "page 1 of 3")]
    [InlineData(3, 50, "page 3 of 3")]
    [InlineData(99, 50, "page 3 of 3")]
    [InlineData(-1, 100, "page 1 of 3")]
    public void A_hundred_at_a_time(int page, int rows, string expected)
    {
        string html = RunsPage.Create(Many, "", "", page).Part;
        Assert.Equal(rows, Seeds(html).Length);
        Assert.Contains(expected, html, StringComparison.Ordinal);
        Assert.Contains("250 runs", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sorted_and_filtered_before_it_is_cut_into_pages()
    {
        string html = RunsPage.Create(Many, "level=1 seed<9", "-seed", 1).Part;
        Assert.Equal([7, 5, 3, 1], Seeds(html));
        Assert.Contains("4 of 250 runs", html, StringComparison.Ordinal);
        Assert.Contains("aria-sort=\"descending\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_column_can_be_sorted_by() => Assert.All(RunListColumns.Page, column =>
    {
        double[] rising = Seeds(RunsPage.Create(Many, "seed<100", column.Name, 1).Part), falling = Seeds(RunsPage.Create(Many, "seed<100", "-" + column.Name, 1).Part);
        Assert.Equal(rising.Order(), falling.Order());
    });

    [Fact]
    public void What_is_typed_is_text()
    {
        string html = RunsPage.Create(Many, "\"><script>alert(1)</script>", "<b>", 1).Part;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    private static double[] Seeds(string html) => [.. Row().Matches(html).Select(row => double.Parse(row.Groups[1].Value))];

    [GeneratedRegex("""<tr id="row-(\d{16})""")]
    private static partial Regex Row();
}
