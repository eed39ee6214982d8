using Lottery.Cli.Tables;
using Lottery.Specifications;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Cli;

public sealed class TableTextTests
{
    [Fact]
    public void A_whole_search() => Assert.Equal(
        """
         density  ticket            reinitialized     random mask       early stop  ticket − reinitialized
         100.0 %  88.0 [87.8 88.2]                                           1,010
          64.1 %  88.4 [88.1 88.8]  88.3 [87.6 88.9]  88.0 [87.8 88.1]       1,110  +0.2 [−0.4 +0.7]
          41.1 %  88.3 [88.0 88.7]  87.2 [86.9 87.5]  87.2 [86.7 87.7]       1,210  +1.1 [+0.9 +1.3]
          26.5 %  87.1 [86.9 87.3]  86.2 [85.7 86.7]  86.2 [85.5 86.9]       1,310  +0.9 [+0.7 +1.1]
        """, Text(TableText.Lines(Typical, null)));

    [Fact]
    public void One_replicate_says_what_its_brackets_are() => Assert.Equal(
        """
         density  ticket            reinitialized     early stop  ticket − reinitialized
         100.0 %  88.0 [87.3 88.6]                         1,000
          64.1 %  88.5 [87.9 89.1]  88.1 [87.5 88.7]       1,100  +0.4
         One replicate: the brackets are Wilson's 95 % over 10,000 test images, not over seeds.
        """, Text(TableText.Lines(Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)), null)));

    [Fact]
    public void Without_controls_there_is_nothing_to_compare_with() => Assert.Equal(
        """
         density  ticket            early stop
         100.0 %  88.1 [86.8 89.4]       1,005
          64.1 %  88.3 [85.8 90.8]       1,105
        """, Text(TableText.Lines(Table(Dense(88, 88.2), At(1, Control.None, 88.5, 88.1)), null)));

    [Fact]
    public void On_a_narrow_screen_the_least_important_column_goes_and_no_estimate_is_broken() => Assert.Equal(
        """
         density  ticket            reinitialized     random mask       ticket −
                                                                        reinitialized
         100.0 %  88.0 [87.8 88.2]
          64.1 %  88.4 [88.1 88.8]  88.3 [87.6 88.9]  88.0 [87.8 88.1]  +0.2 [−0.4 +0.7]
          41.1 %  88.3 [88.0 88.7]  87.2 [86.9 87.5]  87.2 [86.7 87.7]  +1.1 [+0.9 +1.3]
          26.5 %  87.1 [86.9 87.3]  86.2 [85.7 86.7]  86.2 [85.5 86.9]  +0.9 [+0.7 +1.1]
         Not shown on a screen of this width: early stop; --json has all.
        """, Text(TableText.Lines(Typical, 80)));

    [Fact]
    public void The_plot_of_a_whole_search() => Assert.Equal(
        """
          88.5 ┤               ●─────────────●                 ● ticket
               │●              ○                               ○ reinitialized
               │                                               · random mask
               │                             ○
               │                                            ●
               │
          86.2 ┤                                            ○
                100 %                                       26.5 %
        """, Text(PlotText.Lines(Typical)));

    [Fact]
    public void A_plot_of_one_level_or_without_spread()
    {
        Assert.Empty(PlotText.Lines(Table(Dense(88))));
        Assert.Equal(
            """
              88.1 ┤                                               ● ticket
                   │
                   │
                   │
                   │
                   │
              88.0 ┤●───────────────────────────────────────────●
                    100 %                                       64.1 %
            """, Text(PlotText.Lines(Table(Dense(88), At(1, Control.None, 88)))));
    }

    private static string Text(IEnumerable<string> lines) => string.Join("\n", lines);
}
