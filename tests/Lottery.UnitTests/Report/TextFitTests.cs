using CsCheck;
using Lottery.Report.Tables;

namespace Lottery.UnitTests.Report;

public class TextFitTests
{
    private static readonly string[][] Wide = [["id", "accuracy", "what"], [new string('a', 64), "0.1234", "a long word or two"]];

    [Fact]
    public void Without_a_screen_nothing_is_cut() => Assert.Equal(Wide, TextFit.Columns(Wide, [false, true, false], null));

    [Fact]
    public void Text_is_cut_and_numbers_are_not() => Assert.Equal(
        [["id", "accuracy", "what"], ["aaaaaaaaaaaaaaaaaaaa…", "0.1234", "a long word or two"]],
        TextFit.Columns(Wide, [false, true, false], 51));

    [Fact]
    public void Columns_without_room_are_left_out() =>
        Assert.Equal([["id", "accuracy"], ["aaaaaaaaaaa…", "0.1234"]], TextFit.Columns(Wide, [false, true, false], 22));

    [Fact]
    public void What_steers_a_terminal_is_taken_out() =>
        Assert.Equal([["a"], ["x [31m y"]], TextFit.Columns([["a"], ["x\u001b[31m\ny"]], [], null));

    [Fact]
    public void No_line_is_wider_than_the_screen() => Gen.Select(
        Gen.Int[1, 6].SelectMany(columns => Gen.String[Gen.Char['a', 'z'], 1, 30].Array[columns].Array[2, 5]),
        Gen.Int[30, 80]).Sample((rows, width) =>
            Assert.All(TextGrid.Lines([.. TextFit.Columns(rows, [], width)]), line => Assert.InRange(line.Length, 0, width)));
}
