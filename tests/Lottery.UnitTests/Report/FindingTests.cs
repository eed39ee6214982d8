using System.Collections.Immutable;
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
        return StudyTable.Create([RunFields.Get("criterion")], groups, groups[0], 0);
    });

    private static readonly Gen<SearchTable> Searches = Gen.Select(Accuracies, Accuracies.Array[0, 3], Accuracies.Array[0, 3], Accuracies.Array[0, 3]).Select(
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
        if (finding.Contains("the sparsest density,", StringComparison.Ordinal))
            Assert.Equal(NumberFormat.Density(table.Rows.Min(row => row.Density)), density);
        foreach (StudyRow row in there.Where(row => !row.IsReference && row.Corrected is not null))
        {
            string words = row.Verdict switch { 1 => "better", -1 => "worse", _ => "no difference shown" };
            Assert.Contains($"{table.NameOf(row)} by {NumberFormat.Difference(row.Corrected!, " points")}", Clause(finding, words), StringComparison.Ordinal);
        }
    }, iter: 300);

    [Fact]
    public void A_search_says_that_no_control_was_run_only_where_none_was() => Searches.Sample(table =>
    {
        SearchFacts facts = SearchFacts.Of(table, MissingRuns.None);
        string finding = SearchFinding.Describe(facts);
        Assert.False(finding.Contains("no control was run", StringComparison.Ordinal) && facts.Row.Controls.Count > 0, finding);
        Assert.Contains(table.Rows, row => finding.Contains(NumberFormat.Density(row.Density), StringComparison.Ordinal) || table.Rows.Length == 1);
        if (facts.Verdict == SearchVerdict.AsGood) Assert.True(facts.Row.AsGood!.Holds && table.Rows.All(row => row.Level <= facts.Row.Level || row.AsGood?.Holds != true));
    }, iter: 300);

    [Fact]
    public void The_control_of_an_initial_mask_with_one_replicate_is_named_and_not_compared()
    {
        RunSummary mask = SearchOutcomes.At(1, Control.None, 90).Single(), random = SearchOutcomes.At(1, Control.RandomMask, 60).Single();
        SearchTable table = SearchOutcomes.Table([AtLevel0(mask)], [AtLevel0(random)]);
        Assert.Equal("The initial mask's accuracy is 90.0 % [89.4 90.6] (Wilson's 95 % over 10,000 test images); at 64.1 % a random mask's accuracy is 60.0 % [59.0 61.0], "
            + "and without two seeds in common no difference is tested.", SearchFinding.Describe(table));

        static RunSummary AtLevel0(RunSummary run) => run with { Specification = run.Specification with { Level = 0, Prune = null, Start = new(Mask: "a") } };
    }

    [Fact]
    public void What_is_missing_is_said_with_its_reason_and_an_unfinished_study_has_no_finding()
    {
        StudyTable table = StudyTable.Create([RunFields.Get("criterion")], [Group("large-final", 98.0, 98.1), Group("random", 97.0, 97.2)], Group("large-final", 98.0, 98.1), 0);
        Assert.Equal("No finding yet: 3 of 7 planned runs are missing: not trained yet.", StudyFinding.Describe(table, new(7, 4, [])));
        MissingRuns failed = new(7, 4, [new("criterion movement", 2, 1, "the loss is NaN at step 10")]);
        Assert.EndsWith(" 3 of 7 planned runs are missing, 1 of them failed: criterion movement, seed 2, level 1 (the loss is NaN at step 10).",
            StudyFinding.Describe(table, failed), StringComparison.Ordinal);
        Assert.StartsWith("At 64.1 % of the weights", StudyFinding.Describe(table, failed), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_supermasks_are_described_by_their_best_the_reference_and_the_lowest()
    {
        ImmutableArray<BestDensity> all = [.. Enumerable.Range(0, 27).Select(i =>
            new BestDensity($"criterion c{i}", 0.1, Estimate.FromValues([0.2 + 0.01 * i, 0.2 + 0.01 * i]), IsReference: i == 5))];
        string finding = SupermaskFinding.Describe(all, MissingRuns.None);
        Assert.Equal(["c26", "c25", "c24", "c5", "c0"], Named().Matches(finding).Select(match => match.Value));
    }

    private static StudyGroup Group(string criterion, params double[] percent) =>
        new([criterion], [.. SearchOutcomes.Dense([.. percent.Select((_, i) => 97.5 + 0.1 * i)]), .. SearchOutcomes.At(criterion, 1, Control.None, percent)]);

    private static string? Density(string finding) => Start().Match(finding) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Clause(string finding, string words) => Regex.Match(finding, $@"; {words}: (.*?)(?=; better|; worse|; no difference|; not tested| \(paired)").Value;

    [GeneratedRegex("^At ([0-9.]+ %) of the weights")]
    private static partial Regex Start();

    [GeneratedRegex("c[0-9]+")]
    private static partial Regex Named();
}
