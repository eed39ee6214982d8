using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

/// <summary>Findings state nothing that the table under which they stand does not show.</summary>
public sealed partial class FindingTests
{
    private static readonly string[] Criteria = ["large-final", "random", "movement", "small-final"];

    private static readonly Gen<double[]> Accuracies = Gen.Double[80, 95].Array[1, 4];

    /// <summary>Some criteria, each at one to three levels with one to four seeds.</summary>
    private static readonly Gen<StudyTable> Studies = Gen.Select(Accuracies.Array[1, 3].Array[1, 4], Accuracies).Select((levels, dense) =>
    {
        StudyGroup[] groups = [.. levels.Select((of, i) => new StudyGroup([Criteria[i]],
            [.. SearchOutcomes.Dense(dense), .. of.SelectMany((percent, level) => SearchOutcomes.At(Criteria[i], level + 1, Control.None, percent))]))];
        return StudyTable.Create([RunFields.Get("criterion")], groups, groups[0]);
    });

    private static readonly Gen<StudyTable> Searches = Gen.Select(Accuracies, Accuracies.Array[0, 3], Accuracies.Array[0, 3], Accuracies.Array[0, 3]).Select(
        (dense, tickets, reinit, random) => SearchOutcomes.Table(
        [
            SearchOutcomes.Dense(dense), .. tickets.Select((percent, i) => SearchOutcomes.At(i + 1, Control.None, percent)),
            .. reinit.Take(tickets.Length).Select((percent, i) => SearchOutcomes.At(i + 1, Control.Reinit, percent)),
            .. random.Take(tickets.Length).Select((percent, i) => SearchOutcomes.At(i + 1, Control.RandomMask, percent)),
        ]));

    [Fact]
    public void A_corrected_interval_excludes_zero_exactly_where_a_difference_is_shown() => Studies.Sample(table => Assert.All(table.Rows, row =>
    {
        if (row.Corrected is not { } interval) Assert.Equal(0, row.Verdict);
        else Assert.Equal(row.Verdict, interval.Low > 0 ? 1 : interval.High < 0 ? -1 : 0);
    }), iter: 300);

    [Fact]
    public void A_comparison_names_every_verdict_of_its_density_and_no_other() => Studies.Sample(table =>
    {
        string finding = StudyFinding.Describe(table);
        if (Density(finding) is not { } density) return;
        StudyRow[] there = [.. table.Rows.Where(row => NumberFormat.Density(row.ReferenceDensity ?? row.Density) == density)];
        Assert.NotEmpty(there);
        if (finding.Contains(" of the weights, the sparsest such density,", StringComparison.Ordinal))
            Assert.Equal(NumberFormat.Density(table.Rows.Last(row => row.IsReference && row.AgainstDense?.AsGood?.Holds == true).Density), density);
        foreach (StudyRow row in there.Where(row => !row.IsReference && row.Corrected is not null))
        {
            string words = row.Verdict switch { 1 => "better", -1 => "worse", _ => "no difference shown" };
            Assert.Contains($"{table.NameOf(row)} by {NumberFormat.Difference(row.Corrected!, " points")}", Clause(finding, words), StringComparison.Ordinal);
        }
    }, iter: 300);

    [Fact]
    public void A_search_says_that_no_control_was_run_only_where_none_was() => Searches.Sample(table =>
    {
        string finding = StudyFinding.Describe(table);
        Assert.False(finding.Contains("No control was run", StringComparison.Ordinal) && table.Conditions.Length > 1, finding);
        Assert.Contains(table.Rows, row => finding.Contains(NumberFormat.Density(row.Density), StringComparison.Ordinal) || table.Rows.Length == 1);
    }, iter: 300);

    [Fact]
    public void Every_density_at_which_tickets_are_as_good_better_or_worse_is_in_the_finding_and_no_other() => Searches.Sample(table =>
    {
        string finding = StudyFinding.Describe(table);
        StudyRow[] tickets = [.. table.Rows.Where(row => row is { IsReference: true, AgainstDense.IsTested: true })];
        StudyRow? sparsest = tickets.LastOrDefault(row => row.AgainstDense!.AsGood!.Holds);
        Assert.Equal(sparsest is null ? null : NumberFormat.Density(sparsest.Density), DownTo().Match(finding) is { Success: true } match ? match.Groups[1].Value : null);
        Assert.Equal(tickets.Where(row => row.AgainstDense!.Verdict > 0).Select(row => NumberFormat.Density(row.Density)), Listed(finding, "higher"));
        Assert.Equal(tickets.Where(row => row.AgainstDense!.Verdict < 0).Select(row => NumberFormat.Density(row.Density)), Listed(finding, "lower"));
    }, iter: 300);

    [Fact]
    public void What_is_better_than_level_0_is_as_good_as_it_and_corrected_intervals_agree_with_the_verdicts() => Searches.Sample(table => Assert.All(
        table.Rows.Select(row => row.AgainstDense).OfType<DenseComparison>().Where(against => against.IsTested), against =>
        {
            Assert.True(against.Verdict <= 0 || against.AsGood!.Holds);
            Estimate interval = against.ValueTest.Interval!;
            Assert.Equal(against.Verdict, interval.Low > 0 ? 1 : interval.High < 0 ? -1 : 0);
            Assert.True(interval.Low <= against.Value.Estimate.Low + 1e-12 && interval.High >= against.Value.Estimate.High - 1e-12);
        }), iter: 300);

    [Fact]
    public void A_seed_counts_once_however_many_draws_a_control_has() => Searches.Sample(table =>
    {
        // Each control run twice, 1 point up and down: the means, the pairs and so every number stay.
        StudyGroup[] groups = [.. table.Conditions.Select(one => new StudyGroup(one.Values, [.. table.RowsOf(one).SelectMany(row => row.Runs)]))];
        StudyGroup[] doubled = [.. groups.Select(one => one with { Runs = [.. one.Runs.SelectMany(run => run.Control == Control.None ? [run] : Draws(run))] })];
        StudyTable both = StudyTable.Create(table.Axes, doubled, doubled[0]);
        foreach ((StudyRow one, StudyRow two) in table.Rows.Zip(both.Rows))
        {
            Assert.Equal(one.Value.Mean, two.Value.Mean, 1e-12);
            Assert.Equal(one.Value.Count, two.Value.Count);
            Assert.Equal(one.HolmP, two.HolmP, 1e-6);
            Assert.Equal(one.AgainstDense?.AsGood?.Holds, two.AgainstDense?.AsGood?.Holds);
        }

        static RunSummary[] Draws(RunSummary run) => [Of(run, 0, 0.01), Of(run, 1, -0.01)];

        static RunSummary Of(RunSummary run, int draw, double more) => run with
        {
            Id = $"{run.Id}-{draw}", Specification = run.Specification with { Draw = draw }, Metrics = run.Metrics with { Accuracy = run.Accuracy + more },
        };
    }, iter: 100);

    [Fact]
    public void The_control_of_an_initial_mask_with_one_replicate_is_named_and_not_compared()
    {
        RunSummary mask = SearchOutcomes.At(1, Control.None, 90).Single(), random = SearchOutcomes.At(1, Control.RandomMask, 60).Single();
        StudyTable table = SearchOutcomes.Table([AtLevel0(mask)], [AtLevel0(random)]);
        Assert.Equal("One replicate, so nothing is claimed over seeds: at 64.1 % of the weights the accuracy is: the initial mask 90.0 % [89.4 90.6], random mask 60.0 % [59.0 61.0] "
            + "(Wilson's 95 % over 10,000 test images).", StudyFinding.Describe(table));

        static RunSummary AtLevel0(RunSummary run) => run with { Specification = run.Specification with { Level = 0, Prune = null, Start = new(Mask: "a") } };
    }

    [Fact]
    public void What_is_missing_is_said_with_its_reason_and_an_unfinished_study_has_no_finding()
    {
        StudyTable table = StudyTable.Create([RunFields.Get("criterion")], [Group("large-final", 98.0, 98.1), Group("random", 97.0, 97.2)], Group("large-final", 98.0, 98.1));
        Assert.Equal("No finding yet: 3 of 7 planned runs are missing: not trained yet.", Describe(new(7, 4, [])));
        LostRun failed = new("a", "criterion movement", "movement", 2, 1, "the loss is NaN at step 10", IsSkipped: false);
        Assert.Equal("No finding yet: 3 of 7 planned runs are missing: 1 failed, 2 are not trained yet. Failed: criterion movement, seed 2, level 1 (the loss is NaN at step 10).",
            Describe(new(7, 4, [failed])));
        string finding = Describe(new(7, 4, [failed, failed with { Id = "b", Level = 2, IsSkipped = true }, failed with { Id = "c", Key = "random", Seed = 3, Condition = "criterion random" }]));
        Assert.StartsWith("Down to 64.1 % of the weights the reference", finding, StringComparison.Ordinal);
        Assert.EndsWith(" 3 of 7 planned runs are missing: 2 failed, 1 that would come from them were not trained. Failed: criterion movement, seed 2, level 1 "
            + "(the loss is NaN at step 10); criterion random, seed 3, level 1 (the loss is NaN at step 10). Means are over the replicates that did not fail "
            + "(criterion random: 2 of 3 at 64.1 %; criterion movement: none of 1 at levels 1 to 2), differences over the seeds that both sides have.", finding, StringComparison.Ordinal);

        string Describe(MissingRuns missing) => StudyFinding.Describe(table.Lacking(missing, run => run.Criterion ?? ""));
    }

    [Fact]
    public void A_mean_over_the_replicates_that_did_not_fail_says_so_and_is_not_marked_the_best()
    {
        StudyGroup whole = Group("large-final", 98.0, 98.1, 98.2), survivors = Group("random", 98.8, 98.9);
        StudyTable all = StudyTable.Create([RunFields.Get("criterion")], [whole, survivors], whole);
        Assert.Equal("random", all.Rows.Single(row => row is { IsBest: true, Level: 1 }).Values[0]);
        StudyTable table = all.Lacking(new(9, 8, [new("a", "criterion random", "random", 3, 1, "The loss is NaN", IsSkipped: false)]), run => run.Criterion ?? "");
        StudyRow lacking = table.Rows.Single(row => row.Level == 1 && row.Values[0] == "random");
        Assert.Equal("2 of 3", lacking.CountText);
        Assert.Equal([3UL], lacking.LostSeeds);
        Assert.Equal("large-final", table.Rows.Single(row => row is { IsBest: true, Level: 1 }).Values[0]);
        Assert.Equal("2 of 3", table.Columns.Single(column => column.Heading == "n").Text(lacking));
        JsonNode json = TableJson.Write("s", [], table, StudyFinding.Describe(table));
        Assert.Equal(3UL, (ulong)json["cells"]!.AsArray().Single(cell => (int)cell!["level"]! == 1 && (string?)cell["criterion"] == "random")!["lost_seeds"]![0]!);
        Assert.Equal("The loss is NaN", (string?)json["missing"]!["failed"]![0]!["reason"]);
        Assert.Contains("criterion random: 2 of 3 at 64.1 %", (string?)json["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_supermasks_are_described_by_their_best_the_reference_and_the_lowest()
    {
        ImmutableArray<BestDensities> all = [.. Enumerable.Range(0, 27).Select(i =>
            new BestDensities($"criterion c{i}", [$"c{i}"], IsReference: i == 5)
            {
                Density = 0.1, EachRun = Estimate.FromValues([0.2 + 0.01 * i, 0.2 + 0.01 * i]), HighestMean = Estimate.FromValues([0.1, 0.1]),
            })];
        string finding = SupermaskFinding.Describe(all);
        Assert.Equal(["c26", "c25", "c24", "c5", "c0"], Named().Matches(finding).Select(match => match.Value));
    }

    private static StudyGroup Group(string criterion, params double[] percent) =>
        new([criterion], [.. SearchOutcomes.Dense([.. percent.Select((_, i) => 97.5 + 0.1 * i)]), .. SearchOutcomes.At(criterion, 1, Control.None, percent)]);

    private static string? Density(string finding) => Start().Match(finding) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Clause(string finding, string words) => Regex.Match(finding, $@"; {words}: (.*?)(?=; better|; worse|; no difference|; not tested| \(paired)").Value;

    [GeneratedRegex("(?:^| )At ([0-9.]+ %) of the weights, the [a-z ]+,")]
    private static partial Regex Start();

    private static IEnumerable<string> Listed(string finding, string word) =>
        Regex.Match(finding, $@"shown to be (?:higher at [0-9.%, ]+ and )?{word} at ((?:[0-9.]+ %(?:, )?)+)") is { Success: true } match
            ? Regex.Matches(match.Groups[1].Value, "[0-9.]+ %").Select(one => one.Value) : [];

    [GeneratedRegex("Down to ([0-9.]+ %) of the weights the tickets are")]
    private static partial Regex DownTo();

    [GeneratedRegex("c[0-9]+")]
    private static partial Regex Named();
}
