using Lottery.Masks;

namespace Lottery.UnitTests.Masks;

public class ExpressionErrorTests
{
    private const string Operand = "a number, a name, '-' or '(' is expected, not ";

    [Theory]
    [InlineData("", 1, Operand + "the end.")]
    [InlineData("  ", 3, Operand + "the end.")]
    [InlineData("wf +", 5, Operand + "the end.")]
    [InlineData("wf + * wi", 6, Operand + "'*'.")]
    [InlineData("--", 3, Operand + "the end.")]
    [InlineData("+wf", 1, Operand + "'+'.")]
    [InlineData("()", 2, Operand + "')'.")]
    [InlineData("abs()", 5, Operand + "')'.")]
    [InlineData("wf wi", 4, "an operator or the end is expected, not 'wi'.")]
    [InlineData("2wf", 2, "an operator or the end is expected, not 'wf'.")]
    [InlineData("2e", 2, "an operator or the end is expected, not 'e'.")]
    [InlineData("1.2.3", 4, "an operator or the end is expected, not '.3'.")]
    [InlineData("wf)", 3, "an operator or the end is expected, not ')'.")]
    [InlineData("wf, wi", 3, "an operator or the end is expected, not ','.")]
    [InlineData("wf^2", 3, "an operator or the end is expected, not '^'.")]
    [InlineData("wf ** 2", 5, Operand + "'*'.")]
    [InlineData("wf(2)", 3, "an operator or the end is expected, not '('.")]
    [InlineData("wf \u2212 wi", 4, "an operator or the end is expected, not '\u2212'.")]
    [InlineData("wf\n", 3, "an operator or the end is expected, not '\n'.")]
    [InlineData("wf \U0001F600", 4, "an operator or the end is expected, not '\U0001F600'.")]
    [InlineData("(wf", 4, "an operator or ')' is expected, not the end.")]
    [InlineData("(wf, wi)", 4, "an operator or ')' is expected, not ','.")]
    [InlineData("abs(wf", 7, "an operator or ')' (abs takes one value) is expected, not the end.")]
    [InlineData("abs(wf, wi)", 7, "an operator or ')' (abs takes one value) is expected, not ','.")]
    [InlineData("min(wf)", 7, "an operator or ',' (min takes two values) is expected, not ')'.")]
    [InlineData("max(wf, wi, 0)", 11, "an operator or ')' (max takes two values) is expected, not ','.")]
    [InlineData("2*abs wf", 7, "'(' after abs is expected, not 'wf'.")]
    [InlineData("abs-wf", 4, "'(' after abs is expected, not '-'.")]
    [InlineData("2 * wx", 5, "'wx' is not a known name, did you mean 'wi'?")]
    [InlineData("sgn(wf)", 1, "'sgn' is not a known name, did you mean 'sign'?")]
    [InlineData("quux(wf)", 1, "'quux' is not a known name; the known names are wi, wf, std, n, abs, sign, sqrt, exp, log, min, max.")]
    [InlineData("System.IO", 1, "'System' is not a known name; the known names are wi, wf, std, n, abs, sign, sqrt, exp, log, min, max.")]
    [InlineData("wf + 1e999", 6, "1e999 is too large a number.")]
    public void NamesTheColumnAndWhatWasExpected(string text, int column, string expected)
    {
        UserException error = Assert.Throws<UserException>(() => Criterion.Get(text));
        // A line break would move the terminal's cursor.
        Assert.Equal($"The expression '{text}' is wrong at column {column}: {expected}".Replace('\n', '?'), error.Message);
    }

    [Fact]
    public void DepthAndLengthHaveTheirBounds()
    {
        Criterion.Get(new string('(', 50) + "wf" + new string(')', 50));
        Criterion.Get(new string('-', 50) + "wf");
        Assert.Contains("column 52: parentheses", Error(new string('-', 51) + "wf"), StringComparison.Ordinal);
        Assert.Contains("column 205: parentheses", Error(string.Concat(Enumerable.Repeat("abs(", 51)) + "wf"), StringComparison.Ordinal);
        Criterion.Get("wf" + string.Concat(Enumerable.Repeat("+0", 499)));
        Assert.Equal(
            "An expression of 1,001 characters is too long: write at most 1,000.",
            Error("-wf" + string.Concat(Enumerable.Repeat("+0", 499))));
    }

    private static string Error(string text) => Assert.Throws<UserException>(() => Criterion.Get(text)).Message;
}
