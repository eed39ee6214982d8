namespace Lottery.UnitTests;

public sealed class UserExceptionTests
{
    [Fact]
    public void Untrusted_text_becomes_one_line_that_a_terminal_only_shows() => Assert.Equal(
        "the key 'a??[2Jb??c' of dög?",
        new UserException("the key 'a\r\u001b[2Jb\n\u202ec' of dög\u2028").Message);

    [Fact]
    public void Of_a_very_long_sentence_the_middle_is_left_out()
    {
        string message = new UserException($"study.yaml:3:1: there is no key '{new string('a', 1 << 20)}'; did you mean 'b'?").Message;
        Assert.InRange(message.Length, 500, 1_100);
        Assert.StartsWith("study.yaml:3:1: there is no key 'aaa", message, StringComparison.Ordinal);
        Assert.EndsWith("aaa'; did you mean 'b'?", message, StringComparison.Ordinal);
    }
}
