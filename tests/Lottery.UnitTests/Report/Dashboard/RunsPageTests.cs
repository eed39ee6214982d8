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
        string html = RunsPage.Create(Many, new(Page: page)).Part;
        Assert.Equal(rows, Seeds(html).Length);
        Assert.Contains(expected, html, StringComparison.Ordinal);
        Assert.Contains("250 runs", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sorted_and_filtered_before_it_is_cut_into_pages()
    {
        string html = RunsPage.Create(Many, new("level=1 seed<9", "-seed")).Part;
        Assert.Equal([7, 5, 3, 1], Seeds(html));
        Assert.Contains("4 of 250 runs", html, StringComparison.Ordinal);
        Assert.Contains("aria-sort=\"descending\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_column_can_be_sorted_by() => Assert.All(RunListColumns.All, column =>
    {
        double[] rising = Seeds(RunsPage.Create(Many, new("seed<100", column.Name)).Part), falling = Seeds(RunsPage.Create(Many, new("seed<100", "-" + column.Name)).Part);
        Assert.Equal(rising.Order(), falling.Order());
    });

    [Fact]
    public void What_is_typed_is_text()
    {
        string html = RunsPage.Create(Many, new("\"><script>alert(1)</script>", "<b>", "<i>,\"")).Part;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_differ_are_columns_and_others_on_request()
    {
        StoreSnapshot two = SnapshotOf.Runs(SnapshotOf.Run(0, 1), SnapshotOf.Run(1, 1) with { Data = "cifar-10" });
        Assert.Equal(["id", "accuracy", "control", "level", "density", "seed", "data", "early stop", "time", "ended"], Headings(RunsPage.Create(two, new()).Part));
        Assert.DoesNotContain("data", Headings(RunsPage.Create(two, new("seed=1")).Part));
        string[] more = Headings(RunsPage.Create(two, new("seed=1", Columns: "network,kept,nothing")).Part);
        Assert.Equal(["network", "kept"], more.Except(["id", "accuracy", "control", "level", "density", "seed", "early stop", "time", "ended"]));
    }

    [Fact]
    public void What_does_not_apply_to_a_run_is_no_difference() => Assert.DoesNotContain(
        "criterion", Headings(RunsPage.Create(SnapshotOf.Runs(SnapshotOf.Run(0, 0), SnapshotOf.Run(0, 1)), new()).Part));

    [Fact]
    public void Times_have_a_year_and_a_zone() =>
        Assert.Contains("<td>2026-01-02 03:04 UTC</td>", RunsPage.Create(Many, new()).Part, StringComparison.Ordinal);

    [Fact]
    public void A_request_whose_client_has_left_is_given_up()
    {
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.Throws<OperationCanceledException>(() => RunsPage.Create(Many, new("lenet"), gone.Token));
    }

    private static string[] Headings(string html) => [.. Heading().Matches(html).Select(heading => heading.Groups[1].Value)];

    [GeneratedRegex("""<th [^>]*aria-sort[^>]*><a [^>]*>([^<]*)</a>""")]
    private static partial Regex Heading();

    private static double[] Seeds(string html) => [.. Row().Matches(html).Select(row => double.Parse(row.Groups[1].Value))];

    [GeneratedRegex("""<tr id="row-(\d{16})""")]
    private static partial Regex Row();
}
