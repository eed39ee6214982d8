using Lottery.Cli.Tables;
using Lottery.Specifications;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Cli;

public sealed class TableTextTests
{
    [Fact]
    public void A_whole_search() => Assert.Equal(
        """
         density  control        accuracy            − dense             early stop  steps − dense       − ticket              p
         100.0 %  dense            88.0 [87.8 88.2]                           1,010                      reference
          64.1 %  ticket         * 88.4 [88.1 88.8]  ▲ +0.4 [+0.3 +0.6]       1,110  ▼ +100 [+100 +100]  reference
                  reinitialized    88.3 [87.6 88.9]    +0.3 [−0.3 +0.8]       1,110  ▼ +100 [+100 +100]  −0.2 [−0.7 +0.4]  0.338
                  random mask      88.0 [87.8 88.1]  = 0.0 [−0.2 +0.1]        1,110  ▼ +100 [+100 +100]  −0.5 [−0.8 −0.2]  0.040
          41.1 %  ticket         * 88.3 [88.0 88.7]  ▲ +0.3 [+0.2 +0.5]       1,210  ▼ +200 [+200 +200]  reference
                  reinitialized    87.2 [86.9 87.5]  ▼ −0.8 [−0.9 −0.6]       1,210  ▼ +200 [+200 +200]  −1.1 [−1.3 −0.9]  0.005
                  random mask      87.2 [86.7 87.7]    −0.8 [−1.5 −0.1]       1,210  ▼ +200 [+200 +200]  −1.1 [−1.9 −0.3]  0.026
          26.5 %  ticket         * 87.1 [86.9 87.3]  ▼ −0.9 [−1.1 −0.7]       1,310  ▼ +300 [+300 +300]  reference
                  reinitialized    86.2 [85.7 86.7]  ▼ −1.8 [−2.2 −1.4]       1,310  ▼ +300 [+300 +300]  −0.9 [−1.1 −0.7]  0.008
                  random mask      86.2 [85.5 86.9]  ▼ −1.8 [−2.3 −1.3]       1,310  ▼ +300 [+300 +300]  −0.9 [−1.6 −0.2]  0.035
        """, Rows(TableText.Lines(Typical, null)));

    [Fact]
    public void The_notes_say_what_marks_brackets_and_families_are() => Assert.Equal(
        """
         * the highest mean of its density; reference: ticket.
         − dense: the difference from the dense network of the same seed: = as good (at most 0.3 points lower), ▲
         better, ▼ worse; of steps ▲ earlier, ▼ later (95 %, each corrected by Holm's procedure over the 3
         densities of a condition).
         Brackets are pointwise 95 % intervals over 3 replicates; differences are paired by seed.
         p is corrected by Holm's procedure over the rows of a density.
        """, Notes(TableText.Lines(Typical, null)));

    [Fact]
    public void One_replicate_says_what_its_brackets_are()
    {
        string[] lines = [.. TableText.Lines(Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)), null)];
        Assert.Equal(
            """
             density  control        accuracy            − dense  early stop  steps − dense  − ticket
             100.0 %  dense            88.0 [87.3 88.6]                1,000                 reference
              64.1 %  ticket         * 88.5 [87.9 89.1]    +0.5        1,100  +100           reference
                      reinitialized    88.1 [87.5 88.7]    +0.1        1,100  +100           −0.4
            """, Rows(lines));
        Assert.Contains("One replicate: the brackets are Wilson's 95 % over 10,000 test images, not over seeds.", Notes(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_controls_there_is_nothing_to_compare_with_but_the_dense_network() => Assert.Equal(
        """
         density  accuracy            − dense             early stop  steps − dense
         100.0 %    88.1 [86.8 89.4]                           1,005
          64.1 %    88.3 [85.8 90.8]    +0.2 [−3.6 +4.0]       1,105  ▼ +100 [+100 +100]
        """, Rows(TableText.Lines(Table(Dense(88, 88.2), At(1, Control.None, 88.5, 88.1)), null)));

    [Fact]
    public void On_a_narrow_screen_the_least_important_columns_go_and_no_estimate_is_broken() => Assert.Equal(
        """
         density  control        accuracy     − dense      − ticket              p
         100.0 %  dense            88.0                    reference
                                 [87.8 88.2]
          64.1 %  ticket         * 88.4       ▲ +0.4       reference
                                 [88.1 88.8]  [+0.3 +0.6]
                  reinitialized    88.3         +0.3       −0.2 [−0.7 +0.4]  0.338
                                 [87.6 88.9]  [−0.3 +0.8]
                  random mask      88.0       = 0.0        −0.5 [−0.8 −0.2]  0.040
                                 [87.8 88.1]  [−0.2 +0.1]
          41.1 %  ticket         * 88.3       ▲ +0.3       reference
                                 [88.0 88.7]  [+0.2 +0.5]
                  reinitialized    87.2       ▼ −0.8       −1.1 [−1.3 −0.9]  0.005
                                 [86.9 87.5]  [−0.9 −0.6]
                  random mask      87.2         −0.8       −1.1 [−1.9 −0.3]  0.026
                                 [86.7 87.7]  [−1.5 −0.1]
          26.5 %  ticket         * 87.1       ▼ −0.9       reference
                                 [86.9 87.3]  [−1.1 −0.7]
                  reinitialized    86.2       ▼ −1.8       −0.9 [−1.1 −0.7]  0.008
                                 [85.7 86.7]  [−2.2 −1.4]
                  random mask      86.2       ▼ −1.8       −0.9 [−1.6 −0.2]  0.035
                                 [85.5 86.9]  [−2.3 −1.3]
         Not shown on a screen of this width: early stop, steps − dense; --json has all.
        """, Rows(TableText.Lines(Typical, 80)));

    [Fact]
    public void The_plot_of_a_whole_search() => Assert.Equal(
        """
          88.5 ┤               ●─────────────●                 ● ticket
               │●              a                               a reinitialized
               │                                               b random mask
               │                             a
               │                                            ●
               │
          86.2 ┤                                            a
                100 %                                       26.5 %
        """, Text(PlotText.Lines(Typical)));

    [Fact]
    public void A_plot_of_one_level_or_without_spread()
    {
        Assert.Empty(PlotText.Lines(Table(Dense(88))));
        Assert.Equal(
            """
              88.1 ┤                                               ● accuracy
                   │
                   │
                   │
                   │
                   │
              88.0 ┤●───────────────────────────────────────────●
                    100 %                                       64.1 %
            """, Text(PlotText.Lines(Table(Dense(88), At(1, Control.None, 88)))));
    }

    /// <summary>The lines above the empty one.</summary>
    private static string Rows(IEnumerable<string> lines) => Text(lines.TakeWhile(line => line.Length > 0));

    /// <summary>The lines below it.</summary>
    private static string Notes(IEnumerable<string> lines) => Text(lines.SkipWhile(line => line.Length > 0).Skip(1));

    private static string Text(IEnumerable<string> lines) => string.Join("\n", lines);
}
