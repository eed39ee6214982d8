using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Report;

public sealed class SearchFindingTests
{
    [Fact]
    public void Masks_on_untrained_weights_are_described_by_their_best()
    {
        RunSummary[] masks =
        [
            .. SearchOutcomes.At(1, Control.None, 30, 31, 32), .. SearchOutcomes.At(2, Control.None, 40, 41, 42),
            .. SearchOutcomes.At(2, Control.RandomMask, 10, 11, 12), .. SearchOutcomes.At(3, Control.None, 20, 21, 22),
        ];
        SearchTable table = SearchOutcomes.Table(SearchOutcomes.Dense(97, 97, 97), masks.Select(run => run with { Specification = run.Specification with { Training = new() { Steps = 0 } } }));
        Assert.Equal(
            "Without any training the masks do best at 41.1 % of the weights: 41.0 % [38.5 43.5], the highest of 3 densities, "
            + "chosen on the same test images; at 41.1 % they beat random masks of the same density by 30.0 points [30.0 30.0].",
            SearchFinding.Describe(table));
    }

    [Fact]
    public void Tickets_that_are_as_good_and_beat_their_control() => Says(Typical,
        """
        Down to 41.1 % of the weights the tickets are as good as the dense network (within 0.3 points, 95 %,
        Holm); at 41.1 % they beat the same masks with reinitialized weights by 1.1 points [0.9 1.3].
        """);

    [Fact]
    public void A_gap_above_the_sparsest_level_is_stated() => Says(Table(
        Dense(88.0, 88.1, 88.2),
        At(1, Control.None, 87.0, 88.1, 89.2), At(1, Control.Reinit, 87, 87.1, 87.2),
        At(2, Control.None, 88.4, 88.4, 88.6), At(2, Control.Reinit, 88.4, 88.5, 88.4)),
        """
        Down to 41.1 % of the weights the tickets are as good as the dense network (within 0.3 points, 95 %,
        Holm), though this is not shown at 64.1 %; at 41.1 % no difference from the same masks with reinitialized
        weights is shown (0.0 points [−0.3 +0.4]).
        """);

    [Fact]
    public void None_as_good() => Says(Table(
        Dense(88.0, 88.1, 88.2),
        At(1, Control.None, 87.0, 88.1, 89.2), At(1, Control.RandomMask, 89.0, 90.0, 91.3),
        At(2, Control.None, 85.4, 86.4, 86.6), At(2, Control.RandomMask, 80, 81, 82)),
        """
        At none of the 2 densities are the tickets shown to be as good as the dense network (within 0.3
        points, 95 %, Holm): at 64.1 %, the nearest, the difference is 0.0 points and may be as low as −3.6;
        at 64.1 % they lose to random masks of the same density by 2.0 points [1.8 2.2].
        """);

    [Fact]
    public void One_level_that_is_not_as_good_without_controls() =>
        Says(Table(Dense(88.0, 88.1), At(1, Control.None, 87.0, 88.1)),
        """
        At 64.1 % of the weights the tickets are not shown to be as good as the dense network (within 0.3
        points, 95 %, Holm): the difference is −0.5 points and may be as low as −6.9; no control was run.
        """);

    [Fact]
    public void As_good_without_controls() =>
        Says(Table(Dense(88.0, 88.1, 88.2), At(1, Control.None, 88.1, 88.1, 88.3)),
        """
        Down to 64.1 % of the weights the tickets are as good as the dense network (within 0.3 points, 95 %,
        Holm); no control was run.
        """);

    [Fact]
    public void A_difference_that_rounds_to_nothing_shows_more_digits() => Says(Table(
        Dense(88.0, 88.1, 88.2), At(1, Control.None, 88.20, 88.30, 88.40), At(1, Control.Reinit, 88.10, 88.15, 88.20)),
        """
        Down to 64.1 % of the weights the tickets are as good as the dense network (within 0.3 points, 95 %,
        Holm); at 64.1 % they beat the same masks with reinitialized weights by 0.15 points [0.03 0.27].
        """);

    [Fact]
    public void One_replicate_claims_nothing_over_seeds() =>
        Says(Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)),
        """
        One replicate, so nothing is claimed over seeds: at 64.1 % of the weights the ticket's accuracy is
        88.5 % [87.9 89.1], that of its mask with reinitialized weights 88.1 % [87.5 88.7], the dense network's 88.0 % [87.3
        88.6] (Wilson's 95 % over 10,000 test images).
        """);

    [Fact]
    public void One_replicate_without_controls() => Says(Table(Dense(88), At(1, Control.None, 88.5)),
        """
        One replicate, so nothing is claimed over seeds: at 64.1 % of the weights the ticket's accuracy is
        88.5 % [87.9 89.1], the dense network's 88.0 % [87.3 88.6] (Wilson's 95 % over 10,000 test
        images).
        """);

    [Fact]
    public void Nothing_pruned() => Says(Table(Dense(88, 88.2)),
        """
        Nothing was pruned; the dense network's accuracy is 88.1 % [86.8 89.4].
        """);

    [Fact]
    public void Replicates_that_have_no_partner_are_no_pair() =>
        Says(Table(Dense(88.0, 88.1, 88.2), At(1, Control.None, 88.1)),
        """
        No two replicates to compare, so nothing is claimed over seeds: at 64.1 % of the weights the
        ticket's accuracy is 88.1 %, the dense network's 88.1 % [87.9 88.3].
        """);

    private static void Says(SearchTable table, string sentence) => 
        Assert.Equal(sentence.ReplaceLineEndings(" "), SearchFinding.Describe(table));
}
