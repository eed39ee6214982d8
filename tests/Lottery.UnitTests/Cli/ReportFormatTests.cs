using Lottery.Cli.Options;

namespace Lottery.UnitTests.Cli;

public class ReportFormatTests
{
    [Theory]
    [InlineData(null, null, "html")]
    [InlineData(null, "a/results.tex", "tex")]
    [InlineData(null, "x.MD", "md")]
    [InlineData("md", null, "md")]
    [InlineData("md", "x.md", "md")]
    [InlineData("pdf", null, "pdf")]
    [InlineData("pdf", "figures", "pdf")]
    [InlineData("svg", "figures.v2", "svg")]
    public void The_ending_of_the_file_says_what_is_written(string? format, string? output, string expected) =>
        Assert.Equal(expected, ReportFormat.Find(format, output));

    [Theory]
    [InlineData(null, "x.pdf", "`lottery report --format pdf -o charts`")]
    [InlineData(null, "x.png", "a report ends in .html, .md or .tex")]
    [InlineData(null, "x.docx", "ends in .html, .md or .tex, or a folder with --format csv, svg, png or pdf")]
    [InlineData(null, "results", "ends in .html, .md or .tex")]
    [InlineData("md", "x.html", "contradict each other")]
    [InlineData("html", "x.pdf", "names one file")]
    [InlineData("pdf", "x.pdf", "name a folder")]
    public void Nothing_is_written_under_the_name_of_something_else(string? format, string output, string advice) =>
        Assert.Contains(advice, Assert.Throws<UserException>(() => ReportFormat.Find(format, output)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("3.25in", 234)]
    [InlineData("8cm", 226.77)]
    [InlineData("80 mm", 226.77)]
    [InlineData("234pt", 234)]
    [InlineData("312px", 234)]
    public void A_length_has_a_unit(string text, double points)
    {
        Assert.True(Length.TryParse(text, out double found));
        Assert.Equal(points, found, 0.01);
    }

    [Theory]
    [InlineData("3.25")]
    [InlineData("in")]
    [InlineData("-3in")]
    [InlineData("0in")]
    [InlineData("1e3in")]
    [InlineData("∞pt")]
    public void What_is_no_length_is_refused(string text) => Assert.False(Length.TryParse(text, out _));

    [Fact]
    public void A_size_of_text_is_in_points()
    {
        Assert.True(Length.TrySize("8", out double size));
        Assert.Equal(8, size);
        Assert.True(Length.TrySize("8pt", out size));
        Assert.Equal(8, size);
        Assert.False(Length.TrySize("big", out _));
    }
}
