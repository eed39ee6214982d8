using System.CommandLine;
using Lottery.Cli;
using Lottery.Cli.Commands;
using Lottery.Cli.Output;

namespace Lottery.UnitTests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Walk(Root(), "").Select(command => command.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_explains_itself_with_an_example(string path)
    {
        CommandLineRun run = CommandLineRun.OfLine($"{path} --help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"Usage:\n  lottery{path} ", run.Output);
        string[] examples = run.Output[run.Output.IndexOf("\nExample", StringComparison.Ordinal)..].Split('\n')[2..];
        Assert.Contains(examples, example => example.StartsWith($"  lottery{path}", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_example_can_be_typed() =>
        Assert.All(Walk(Root(), "").Select(command => command.Command).OfType<LotteryCommand>(), command =>
            Assert.Empty(Root().Parse(command.Example["lottery ".Length..]).Errors));

    [Fact]
    public void Without_a_command_there_is_help() =>
        Assert.Equal(CommandLineRun.OfLine("--help"), CommandLineRun.Of());

    [Fact]
    public void No_description_shows_the_insides_of_a_default() =>
        Assert.All(Walk(Root(), ""), command => Assert.DoesNotContain(" { ", CommandLineRun.OfLine($"{command.Path} --help").Output));

    [Theory]
    [InlineData("--version")]
    [InlineData("find --version")]
    [InlineData("runs list --version")]
    public void The_version_is_told_everywhere(string line)
    {
        CommandLineRun run = CommandLineRun.OfLine(line);
        Assert.Equal((0, $"{Versions.Lottery}\n", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+$", Versions.Lottery);
    }

    private static Command Root() => CommandLine.Root(new(TextWriter.Null, TextWriter.Null));

    private static IEnumerable<(string Path, Command Command)> Walk(Command command, string path) =>
        command.Subcommands.SelectMany(child => Walk(child, $"{path} {child.Name}")).Prepend((path, command));
}
