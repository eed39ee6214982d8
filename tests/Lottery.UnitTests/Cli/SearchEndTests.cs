using Lottery.Cli.Searches;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.UnitTests.Report;

namespace Lottery.UnitTests.Cli;

/// <summary>A search that goes on while its tickets are as good as the dense network ends at the first level that is not, and names the ticket before it.</summary>
public sealed class SearchEndTests
{
    private static readonly IEnumerable<RunSummary>[] s_levels =
    [
        SearchOutcomes.Dense(87.9, 88.0, 88.1), SearchOutcomes.At(1, Control.None, 88.3, 88.4, 88.6),
        SearchOutcomes.At(2, Control.None, 88.2, 88.3, 88.5), SearchOutcomes.At(3, Control.None, 87.0, 87.2, 87.1),
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void It_goes_on_until_a_level_is_not_as_good(int levels, bool ends)
    {
        StudyTable table = SearchOutcomes.Table(s_levels[..(levels + 1)]);
        SearchEnd? end = SearchEnd.Of(table, isLast: levels == 2 && ends);
        Assert.Equal(ends, end is not null);
        if (end is null) return;
        Assert.Equal(2, end.Smallest!.Level);
        Assert.Equal(levels == 3 ? 3 : null, end.Worse?.Level);
    }

    [Fact]
    public void Its_sentence_names_the_smallest_ticket()
    {
        Assert.StartsWith("The smallest ticket that is as good as the dense network (at most 0.3 points lower, 95 %, level after level) has 41.1 % of the weights (level 2), 88.3 % [88.0 88.7]; "
            + "at 26.5 % (level 3) this is not shown: the difference is −0.9 points [", SearchEnd.Of(SearchOutcomes.Table(s_levels), false)!.Describe(), StringComparison.Ordinal);
        Assert.EndsWith("; no level was worse, so that more levels may find a smaller one.", SearchEnd.Of(SearchOutcomes.Table(s_levels[..3]), true)!.Describe(), StringComparison.Ordinal);
        SearchEnd none = SearchEnd.Of(SearchOutcomes.Table(s_levels[0], SearchOutcomes.At(1, Control.None, 87.0, 87.2, 87.1)), false)!;
        Assert.StartsWith("No level is shown to be as good as the dense network (at most 0.3 points lower, 95 %, level after level): at 64.1 % (level 1) this is not shown", none.Describe(), StringComparison.Ordinal);
        Assert.Null(none.Smallest);
        Assert.Equal((null, 1), (none.Json()["smallest"], (int)none.Json()["worse"]!["level"]!));
    }

    /// <summary>A level that is good again after one that was not is not reached: the first that is not ends the search.</summary>
    [Fact]
    public void The_first_level_that_is_not_as_good_ends_it()
    {
        StudyTable table = SearchOutcomes.Table(s_levels[0], SearchOutcomes.At(1, Control.None, 86.3, 87.4, 88.6), SearchOutcomes.At(2, Control.None, 88.2, 88.3, 88.5));
        Assert.Equal((null, 1), (SearchEnd.Of(table, true)!.Smallest, SearchEnd.Of(table, true)!.Worse!.Level));
    }
}
