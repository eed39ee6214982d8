using System.Text.RegularExpressions;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

public class LatexReportTests
{
    [Fact]
    public void The_numbers_are_those_of_the_page_with_what_they_are()
    {
        ReportSection section = Section("a_b & c", 3);
        string latex = string.Join('\n', LatexReport.Section(section));
        string page = System.Net.WebUtility.HtmlDecode(ResultsHtml.Render(section).Text);
        string[] numbers = Numbers(Regex.Replace(page[page.IndexOf("<tbody>", StringComparison.Ordinal)..page.IndexOf("</tbody>", StringComparison.Ordinal)], "<[^>]+>", " "));
        Assert.Equal(numbers.Order(), Numbers(latex[latex.IndexOf("\\midrule", StringComparison.Ordinal)..latex.IndexOf("\\bottomrule", StringComparison.Ordinal)]
            .Replace("$-$", "−", StringComparison.Ordinal).Replace("\\%", "", StringComparison.Ordinal)).Order());
        Assert.Contains("(n = 3 seeds) and pointwise 95\\,\\% interval (Student's t)", latex, StringComparison.Ordinal);
        Assert.Contains("with Holm's correction over the conditions of a density", latex, StringComparison.Ordinal);
        Assert.Contains("a\\_b \\& c", latex, StringComparison.Ordinal);
        foreach (string rule in (string[])["\\toprule", "\\midrule", "\\bottomrule"]) Assert.Single(Regex.Matches(latex, Regex.Escape(rule)));
    }

    [Fact]
    public void One_replicate_has_no_interval_and_no_test()
    {
        string latex = string.Join('\n', LatexReport.Section(Section("one", 1)));
        Assert.Contains("of one seed (n = 1), without an interval", latex, StringComparison.Ordinal);
        Assert.DoesNotContain("Holm", latex, StringComparison.Ordinal);
        Assert.DoesNotContain('[', latex[latex.IndexOf("\\midrule", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void The_interval_of_one_replicate_is_over_test_images()
    {
        string latex = string.Join('\n', LatexReport.Section(Section("one", 1, testImages: 10_000)));
        Assert.Contains("of one seed (n = 1), with Wilson's pointwise 95\\,\\% interval over 10,000 test images, not over seeds", latex, StringComparison.Ordinal);
        Assert.Contains('[', latex[latex.IndexOf("\\midrule", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Many_conditions_are_several_tables_with_labels_of_their_own()
    {
        ReportSection two = Section("many", 2);
        ReportSection nine = two with { Conditions = [.. Enumerable.Range(0, 9).Select(i => two.Conditions[i % 2] with { Name = $"c{i}" })] };
        string latex = string.Join('\n', LatexReport.Section(nine));
        Assert.Equal(["tab:s-1", "tab:s-2", "tab:s-3"], Regex.Matches(latex, @"\\label\{(.*?)\}").Select(match => match.Groups[1].Value));
        Assert.Contains("Part 3 of 3.", latex, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("50 % of {a}_b", "50\\,\\% of \\{a\\}\\_b")]
    [InlineData("a\\b~c^d#$&", "a\\textbackslash{}b\\textasciitilde{}c\\textasciicircum{}d\\#\\$\\&")]
    [InlineData("−0.1 – <x>\u001b[2J", "$-$0.1 -- \\textless{}x\\textgreater{} [2J")]
    public void Text_is_escaped(string text, string latex) => Assert.Equal(latex, LatexReport.Escape(text));

    private static string[] Numbers(string text) => [.. Regex.Matches(text, @"[−+]?\d+\.\d+").Select(match => match.Value)];

    private static ReportSection Section(string name, int replicates, int testImages = 0)
    {
        RunSummary[] dense = [.. SearchOutcomes.Dense([.. new[] { 87.9, 88.0, 88.1 }.Take(replicates)])];
        return new()
        {
            Name = name, Anchor = "s", Settings = new() { TestImages = testImages }, Axes = [RunFields.Get(StudyTable.ControlAxis)], Roots = [.. dense],
            Conditions =
            [
                Condition("ticket", 0, dense, Control.None, [88.3, 88.4, 88.6], [88.2, 88.3, 88.5], replicates),
                Condition("reinitialized", 1, dense, Control.Reinit, [88.0, 88.5, 88.3], [87.1, 87.3, 87.2], replicates),
            ],
        };
    }

    private static Condition Condition(string name, int slot, RunSummary[] dense, Control control, double[] first, double[] second, int replicates) => new(
        name, slot, [name],
        [
            LevelRuns.Of(dense), LevelRuns.Of(SearchOutcomes.At(1, control, [.. first.Take(replicates)])), LevelRuns.Of(SearchOutcomes.At(2, control, [.. second.Take(replicates)])),
        ]);
}
