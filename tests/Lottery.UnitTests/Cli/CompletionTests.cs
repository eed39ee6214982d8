using Lottery.Cli;
using Lottery.Cli.Options;

namespace Lottery.UnitTests.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("qu", "quickstart query")]
    [InlineData("runs ex", "export")]
    [InlineData("runs list --wh", "--where")]
    [InlineData("find --opt", "--optimizer")]
    [InlineData("find --optimizer ", "adam adamw sgd")]
    [InlineData("find --schedule one", "one-shot")]
    [InlineData("find --network len", "lenet-300-100")]
    [InlineData("find --data fa", "fashion-mnist")]
    [InlineData("ticket pack --values i", "i8")]
    [InlineData("network show vg", "vgg-19")]
    [InlineData("data get cifar-10", "cifar-10 cifar-100")]
    [InlineData("help ru", "runs")]
    [InlineData("help runs ve", "verify")]
    [InlineData("completion z", "zsh")]
    [InlineData("runs list --sort density:", "density:desc")]
    [InlineData("ticket verify ", "")]
    public void Words_that_may_follow_are_offered(string typed, string offered)
    {
        string[] words = [.. Completions.Of(CommandLine.Root(new(TextWriter.Null, TextWriter.Null)), typed.Split(' ')).Select(one => one.Word)];
        Assert.Equal(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries), words);
    }

    [Fact]
    public void An_option_that_is_given_is_not_offered_again()
    {
        string[] Offered(params string[] words) => [.. Completions.Of(CommandLine.Root(new(TextWriter.Null, TextWriter.Null)), words).Select(one => one.Word)];
        Assert.Contains("--limit", Offered("runs", "list", "--"));
        Assert.DoesNotContain("--limit", Offered("runs", "list", "--limit", "3", "--"));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _lottery lottery")]
    [InlineData("zsh", "#compdef lottery")]
    [InlineData("fish", "complete -c lottery")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public void A_script_is_printed_for_every_shell(string shell, string part) =>
        Assert.Contains(part, CommandLineRun.OfLine($"completion {shell}").Output);
}
