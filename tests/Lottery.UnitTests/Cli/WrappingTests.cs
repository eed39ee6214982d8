using CsCheck;
using Lottery.Cli.Searches;

namespace Lottery.UnitTests.Cli;

public sealed class WrappingTests
{
    [Fact]
    public void A_number_keeps_its_unit_and_an_interval_its_ends()
    {
        string sentence = string.Concat(Enumerable.Repeat("at 10.8 % they differ (+0.1 points [−0.3 +0.5]), ", 12)).TrimEnd();
        string[] lines = [.. Wrapping.Lines(sentence)];
        Assert.All(lines, line => Assert.Matches(@"^[^\]%]*(\[[^\]]*\]|[^\[\]])*$", line));
        Assert.DoesNotContain(lines, line => line.StartsWith('%') || line.StartsWith('+') || line.EndsWith("10.8", StringComparison.Ordinal));
        Assert.Equal(sentence, string.Join(' ', lines));
    }

    [Fact]
    public void Lines_are_short_and_lose_nothing() =>
        Gen.Select(Gen.Char["ab,."], Gen.String[Gen.Char["ab,.%"], 0, 11], (first, rest) => first + rest).List[1, 60].Sample(words =>
        {
            string text = string.Join(' ', words);
            string[] lines = [.. Wrapping.Lines(text)];
            Assert.Equal(text, string.Join(' ', lines));
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 104));
        });
}
