using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Report;

public sealed class SearchFindingTests
{
    [Fact]
    public void Masks_on_untrained_weights_are_described_by_each_runs_best_and_by_the_density_chosen_on_validation()
    {
        // Best of each seed: 40, 41, 44; validation (made up) prefers level 3 of every seed: 20, 21, 44.
        RunSummary[] masks =
        [
            .. At(1, Control.None, 30, 31, 32), .. At(2, Control.None, 40, 41, 42), .. At(3, Control.None, 20, 21, 44),
        ];
        StudyTable table = Table(Dense(97, 97, 97), masks.Select(run => run with
        {
            Specification = run.Specification with { Training = new() { Steps = 0 } },
            Metrics = run.Metrics with { InitialAccuracy = 0.1 * run.Level },
        }));
        BestDensities best = Assert.Single(BestDensities.Of(table));
        Assert.Equal((0.40 + 0.41 + 0.44) / 3, best.EachRun.Mean, 1e-12);
        Assert.Equal((0.411, 0.41), (best.Density, Math.Round(best.HighestMean.Mean, 12)));
        Assert.Equal((0.20 + 0.21 + 0.44) / 3, best.OnValidation!.Mean, 1e-12);
        Assert.StartsWith("Without any training the accuracy is 41.7 % [36.5 46.8] and 28.3 % [0.0 62.1] (ticket). First each run at its own best density, averaged over seeds, as in the paper",
            SupermaskFinding.Describe([best]), StringComparison.Ordinal);
        Assert.All(table.Rows, row => Assert.Null(row.AgainstDense));
    }

    [Fact]
    public void Tickets_that_are_as_good_and_beat_their_controls() => Says(Typical,
        """
        Down to 41.1 % of the weights the tickets are as good as the dense network (at most 0.3 points lower, 95 %, Holm over 3
        densities). Their accuracy is shown to be higher at 64.1 %, 41.1 % and lower at 26.5 %, compared with that of the dense
        network; they stop later at 64.1 %, 41.1 %, 26.5 %. Of the others, as good as the dense network: random mask down to
        64.1 %, reinitialized at none. At 41.1 % of the weights, the sparsest such density, the tickets have 88.3 % [88.0 88.7];
        worse: random mask by −1.1 points [−1.9 −0.3], reinitialized by −1.1 points [−1.5 −0.7] (paired by 3 seeds, 95 %, verdicts
        and intervals corrected by Holm over 2 comparisons).
        """);

    [Fact]
    public void A_gap_above_the_sparsest_level_is_stated() => Says(Table(
        Dense(88.0, 88.1, 88.2),
        At(1, Control.None, 87.0, 88.1, 89.2), At(1, Control.Reinit, 87, 87.1, 87.2),
        At(2, Control.None, 88.4, 88.4, 88.6), At(2, Control.Reinit, 88.4, 88.5, 88.4)),
        """
        Down to 41.1 % of the weights the tickets are as good as the dense network (at most 0.3 points lower, 95 %, Holm over 2
        densities), though this is not shown at 64.1 %. Their accuracy is shown to be higher at 41.1 %, compared with that of the
        dense network; they stop later at 64.1 %, 41.1 %. Of the others, as good as the dense network: reinitialized down to
        41.1 %. At 41.1 % of the weights, the sparsest such density, the tickets have 88.5 % [88.2 88.8]; no difference shown:
        reinitialized by 0.0 points [−0.4 +0.3] (paired by 3 seeds, 95 %, verdicts and intervals corrected by Holm over 1 comparison).
        """);

    [Fact]
    public void None_as_good() => Says(Table(
        Dense(88.0, 88.1, 88.2),
        At(1, Control.None, 87.0, 88.1, 89.2), At(1, Control.RandomMask, 89.0, 90.0, 91.3),
        At(2, Control.None, 85.4, 86.4, 86.6), At(2, Control.RandomMask, 80, 81, 82)),
        """
        At none of the 2 densities are the tickets shown to be as good as the dense network (at most 0.3 points lower, 95 %, Holm
        over 2 densities): at 64.1 %, the nearest, the difference is 0.0 points and may be as low as −3.6. At no density is their
        accuracy shown to be higher or lower than that of the dense network; they stop later at 64.1 %, 41.1 %. Of the others, as
        good as the dense network: random mask at none. At 64.1 % of the weights, the densest pruned level, the tickets have 88.1 % [85.4
        90.8]; better: random mask by +2.0 points [+1.8 +2.2] (paired by 3 seeds, 95 %, verdicts and intervals corrected by Holm over
        1 comparison).
        """);

    [Fact]
    public void One_level_that_is_not_as_good_without_controls() =>
        Says(Table(Dense(88.0, 88.1), At(1, Control.None, 87.0, 88.1)),
        """
        At 64.1 % of the weights the tickets are not shown to be as good as the dense network (at most 0.3 points lower, 95 %, Holm
        over 1 density): the difference is −0.5 points and may be as low as −6.9. At no density is their accuracy shown to be higher
        or lower than that of the dense network; they stop later at 64.1 %. No control was run.
        """);

    [Fact]
    public void Runs_that_stop_at_their_last_step_leave_a_bound()
    {
        // The dense networks stop at 1,000 to 1,020 of 1,800 steps; all tickets at the last one.
        RunSummary[] late = [.. At(1, Control.None, 88.1, 88.1, 88.3).Select(run => run with { Metrics = run.Metrics with { EarlyStopStep = run.Steps } })];
        StudyTable table = Table(Dense(88.0, 88.1, 88.2), late);
        StudyRow row = table.Rows.Single(one => one.Level == 1);
        Assert.Equal((3, StepBound.Lower, -1), (row.Censored, row.AgainstDense!.Bound, row.AgainstDense.StepVerdict));
        Assert.Equal(("≥ 1,800", "▼ ≥ +790 [+765 +815]"), (row.EarlyStopText, row.AgainstDense.StepText));
        Assert.Contains("≥, ≤ and † mark bounds: 3 of 6 runs have their smallest validation loss at the last step", string.Join(' ', table.Notes), StringComparison.Ordinal);
        // A bound in the other direction shows nothing: the dense networks might have stopped later still.
        RunSummary[] dense = [.. Dense(88.0, 88.1, 88.2).Select(run => run with { Metrics = run.Metrics with { EarlyStopStep = run.Steps } })];
        StudyRow early = Table(dense, At(1, Control.None, 88.1, 88.1, 88.3)).Rows.Single(one => one.Level == 1);
        Assert.Equal((StepBound.Upper, 1), (early.AgainstDense!.Bound, early.AgainstDense.StepVerdict));
        Assert.Equal((StepBound.Unknown, 0), Table(dense, late).Rows.Single(one => one.Level == 1).AgainstDense is { } both ? (both.Bound, both.StepVerdict) : default);
    }

    [Fact]
    public void One_replicate_claims_nothing_over_seeds() =>
        Says(Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)),
        """
        One replicate, so nothing is claimed over seeds: at 64.1 % of the weights the accuracy is: ticket 88.5 % [87.9 89.1],
        reinitialized 88.1 % [87.5 88.7], the dense network 88.0 % [87.3 88.6] (Wilson's 95 % over 10,000 test images).
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
        No two replicates to compare, so nothing is claimed over seeds: at 64.1 % of the weights the accuracy is: ticket 88.1 %, the
        dense network 88.1 % [87.9 88.3].
        """);

    [Fact]
    public void The_margin_is_that_of_the_data_or_the_one_that_is_stated()
    {
        StudyTable Found(string data, double? margin) => Table(new ComparisonSettings { Margin = margin },
            Dense(88.0, 88.1, 88.2).Concat(SearchOutcomes.At(1, Control.None, 87.5, 87.6, 87.7)).Select(run => run with { Data = data }));
        Assert.Contains("not shown to be as good as the dense network (at most 0.3 points lower", StudyFinding.Describe(Found("fashion-mnist", null)), StringComparison.Ordinal);
        Assert.Contains("are as good as the dense network (at most 1.0 points lower", StudyFinding.Describe(Found("cifar-10", null)), StringComparison.Ordinal);
        Assert.Contains("are as good as the dense network (at most 0.75 points lower", StudyFinding.Describe(Found("mnist", 0.0075)), StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_are_compared_at_the_density_that_is_stated_and_one_that_no_run_has_is_refused()
    {
        StudyTable At(double density) => Typical with { Settings = Typical.Settings with { JudgeAt = new(density) } };
        Assert.Contains(" At 26.5 % of the weights, where it is to be judged, the tickets have 87.1 % [86.9 87.3]; worse: ", StudyFinding.Describe(At(0.2655)), StringComparison.Ordinal);
        Assert.Null(StudyFinding.NoSuchDensity(At(0.2655)));
        Assert.Equal("judge-at 0.3: the reference has no run at 30.0 % of the weights; the nearest are 0.265 and 0.411.", StudyFinding.Describe(At(0.3)));
    }

    [Fact]
    public void The_early_stopping_step_is_a_metric_without_a_margin()
    {
        StudyTable table = Table(new ComparisonSettings { Metric = Metric.EarlyStop }, Dense(88, 88, 88), SearchOutcomes.At(1, Control.None, 88, 88, 88), SearchOutcomes.At(1, Control.Reinit, 88, 88, 88));
        Assert.Equal("1,110 [1,085 1,135]", Metric.EarlyStop.Write(table.Rows[1].Value));
        Assert.StartsWith("Their early-stopping step is shown to be later at 64.1 %, compared with that of the dense network. At 64.1 % of the weights", StudyFinding.Describe(table), StringComparison.Ordinal);
        Assert.DoesNotContain("as good", StudyFinding.Describe(table), StringComparison.Ordinal);
    }

    private static void Says(StudyTable table, string sentence) =>
        Assert.Equal(sentence.ReplaceLineEndings(" "), StudyFinding.Describe(table));
}
