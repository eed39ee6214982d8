using CsCheck;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;

namespace Lottery.UnitTests.Cli;

public sealed class TextTableTests
{
    private static readonly string[] Headings = ["id", "accuracy", "what"];
    private static readonly string[][] Rows = [[new string('a', 64), "0.1234", "a long word or two"]];

    [Fact]
    public void Without_a_screen_every_row_is_one_line() => Assert.Equal(
        [$"id{new string(' ', 62)}  accuracy  what", $"{new string('a', 64)}    0.1234  a long word or two"], Table().Lines(null));

    [Fact]
    public void On_a_narrow_screen_long_words_are_cut_and_numbers_are_not() => Assert.Equal(
        ["id                     accuracy  what", "aaaaaaaaaaaaaaaaaaaa…    0.1234  a long", "                                 word", "                                 or two"],
        Table().Lines(39));

    [Fact]
    public void Columns_that_do_not_fit_are_left_out_and_named()
    {
        Assert.Equal(["id                    accuracy", "aaaaaaaaaaaaaaaaaaa…    0.1234"], Table().Lines(30));
        Assert.Equal([3, 3, 2, 1], ((int?[])[null, 36, 35, 5]).Select(width => Table().ColumnsIn(width).Length));
        Assert.Equal("Not shown on a screen of this width: what; --json has all.", Table().LeftOut(30));
        Assert.Null(Table().LeftOut(36));
    }

    [Fact]
    public void Where_columns_must_go_the_others_are_not_broken()
    {
        TextTable table = new TextTable(new Column("id"), new("network"), new("ended"), new("data")).Add([["5144f3eced", "mlp:16-8-3", "2026-11-27 09:46", "mnist"]]);
        Assert.Equal(["id          network", "5144f3eced  mlp:16-8-3"], table.Lines(24));
        Assert.Equal("Not shown on a screen of this width: ended, data; --json has all.", table.LeftOut(24));
    }

    [Fact]
    public void Secondary_columns_go_before_anything_is_broken_within_a_word()
    {
        TextTable table = new TextTable(new Column("path"), new("steps", ColumnKind.Number, IsSecondary: true), new("estimate", ColumnKind.Whole))
            .Add([["a-b/c", "1,000", "88.1 [87.6 88.6]"]]);
        Assert.Equal(["path   estimate", "a-b/c  88.1 [87.6 88.6]"], table.Lines(28));
        Assert.Equal(["path   estimate", "a-b/c  88.1", "       [87.6 88.6]"], table.Lines(20));
    }

    [Theory]
    [InlineData("density 10.8 % of", 12, "density", "10.8 % of")]
    [InlineData("better by +33.3 points [+1.0 +2.0] now", 30, "better by", "+33.3 points [+1.0 +2.0] now")]
    [InlineData("* 98.9 [94.1 100.0]", 18, "* 98.9", "[94.1 100.0]")]
    [InlineData("  98.9 [94.1 100.0]", 18, "  98.9", "[94.1 100.0]")]
    [InlineData("run `lottery runs list` now", 20, "run", "`lottery runs list`", "now")]
    [InlineData("run `lottery runs list` now", 12, "run `lottery", "runs list`", "now")]
    [InlineData("/usr/share/datasets/fashion-mnist", 20, "/usr/share/datasets/", "fashion-mnist")]
    [InlineData("magnitude-increase-same-sign", 20, "magnitude-increase-", "same-sign")]
    [InlineData("at −0.3 [−0.5 +0.1]", 12, "at −0.3", "[−0.5 +0.1]")]
    [InlineData("[default: 1.2e-3 with adam]", 20, "[default: 1.2e-3", "with adam]")]
    public void Text_breaks_at_the_best_place_that_fits(string text, int width, params string[] lines) =>
        Assert.Equal(lines, WrappedText.Lines(text, width, isCut: false));

    [Fact]
    public void A_wide_character_takes_two_columns() => Assert.Equal(
        ["name  n", "網絡  1", "ab    2"], new TextTable(new Column("name"), new("n")).Add([["網絡", "1"], ["ab", "2"]]).Lines(null));

    [Fact]
    public void Control_characters_are_shown_and_not_sent()
    {
        Assert.Equal("x␛[31m y␡�", Printable.Of("x\u001b[31m\ny\u007f\u0090"));
        Assert.Equal("a\nb␇", Printable.Lines("a\nb\a"));
        Assert.Equal(["a  [bold]b[/] ␇"], TextTable.OfFacts([["a", "[bold]b[/] \a"]]).Lines(null));
        Assert.Equal(["a  [bold]b[/] ␇", "   a"], TextTable.OfFacts([["a", "[bold]b[/] \a a"]]).Lines(16));
    }

    [Fact]
    public void No_line_is_wider_than_the_screen() => Gen.Select(
        Gen.Int[1, 6].SelectMany(columns => Gen.String[Gen.Char["ab %[]"], 1, 30].Array[columns].Array[2, 5]),
        Gen.Int[30, 80]).Sample((rows, width) =>
        {
            var table = new TextTable([.. rows[0].Select((_, i) => new Column($"c{i}", i % 2 == 0 ? ColumnKind.Text : ColumnKind.Whole))]);
            Assert.All(table.Add(rows).Lines(width), line => Assert.InRange(line.Length, 0, width));
        });

    [Fact]
    public void A_number_keeps_its_unit_and_an_interval_its_ends()
    {
        string sentence = string.Concat(Enumerable.Repeat("at 10.8 % they differ (+0.1 points [−0.3 +0.5]), ", 12)).TrimEnd();
        foreach (int width in (int[])[40, 80, 104])
        {
            string[] lines = [.. TextTable.Paragraph(sentence, width)];
            Assert.All(lines, line => Assert.Matches(@"^[^\]%]*(\[[^\]]*\]|[^\[\]])*$", line));
            Assert.DoesNotContain(lines, line => line.StartsWith('%') || line.StartsWith('+') || line.EndsWith("10.8", StringComparison.Ordinal));
            Assert.Equal(sentence, string.Join(' ', lines));
        }
    }

    [Fact]
    public void Lines_of_a_paragraph_are_short_and_lose_nothing() =>
        Gen.Select(Gen.Char["ab,."], Gen.String[Gen.Char["ab,.%"], 0, 11], (first, rest) => first + rest).List[1, 60].Sample(words =>
        {
            string text = string.Join(' ', words);
            string[] lines = [.. TextTable.Paragraph(text, null)];
            Assert.Equal(text, string.Join(' ', lines));
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 104));
        });

    private static TextTable Table() =>
        new TextTable(new Column(Headings[0]), new(Headings[1], ColumnKind.Number), new(Headings[2])).Add(Rows);
}
