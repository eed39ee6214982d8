using System.CommandLine;
using Lottery.Cli;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Studies.Settings;

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
        if (Find(path) is LotteryCommand command) Assert.EndsWith($"\nExample:\n  {command.Example}\n", run.Output.Replace(" \\\n      ", " ", StringComparison.Ordinal));
        else Assert.EndsWith($"\n`lottery help{path} COMMAND` explains a command.\n", run.Output);
        Assert.Equal(run, CommandLineRun.OfLine($"help {path}"));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_the_screen_and_breaks_no_word(string path)
    {
        string[] Lines(int width) => [.. new HelpText(new(TextWriter.Null, TextWriter.Null) { Width = width, Hints = new("./lottery") }).Lines(Find(path))];
        foreach (int width in (int[])[80, 100])
        {
            Assert.All(Lines(width), line => Assert.InRange(line.Length, 0, width));
            Assert.DoesNotContain(Lines(width), line => line.EndsWith('-'));
            Assert.Equal(Words(Lines(120)), Words(Lines(width)));
        }

        static string Words(string[] lines) => string.Join(' ', lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(word => word != "\\"));
    }

    [Fact]
    public void Options_are_where_they_mean_something()
    {
        string[] With(string option) => [.. Walk(Root(), "").Where(one => one.Command.Options.Any(own => own.Name == option)).Select(one => one.Path.Trim()).Order(StringComparer.Ordinal)];
        Assert.Equal(["find", "quickstart", "study plan", "study run", "study show"], With("--seed"));
        Assert.Equal(["find", "query", "quickstart", "study plan", "study run", "ticket eval", "ticket pack", "ticket verify"], With("--jobs"));
        Assert.DoesNotContain("network list", With("--store"));
        Assert.DoesNotContain("--seed", CommandLineRun.OfLine("runs list --help").Output);
    }

    [Fact]
    public void Options_of_find_are_in_groups_the_common_ones_first()
    {
        string help = CommandLineRun.OfLine("find --help").Output;
        int[] places = [.. ((string[])["The search:", "--network", "--levels", "Pruning:", "--rate", "Training:", "--lr ", "Data:", "General:", "--store", "--json"])
            .Select(word => help.IndexOf(word.StartsWith('-') ? $"\n  {word}" : $"\n{word}", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        // No option of a search is in a group by default.
        Assert.All(SettingOptions.All, option => Assert.Contains(option.Name, SearchOptions.Grouped));
    }

    [Fact]
    public void Every_command_is_in_the_first_help_once() => Assert.Equal(
        Root().Subcommands.Where(one => !one.Hidden).Select(one => one.Name).Order(StringComparer.Ordinal),
        CommandLine.Groups.SelectMany(group => group.Names).Order(StringComparer.Ordinal));

    [Fact]
    public void First_steps_can_be_typed() => Assert.All(CommandLine.FirstSteps, step => Assert.Empty(Root().Parse(step.Command["lottery ".Length..]).Errors));

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
    [InlineData("version")]
    [InlineData("find --version")]
    [InlineData("runs list --version")]
    public void The_version_is_told_everywhere(string line)
    {
        CommandLineRun run = CommandLineRun.OfLine(line);
        Assert.Equal((0, $"{Versions.Lottery}\n", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+$", Versions.Lottery);
    }

    private static Command Find(string path) => Walk(Root(), "").Single(command => command.Path == path).Command;

    private static Command Root() => CommandLine.Root(new(TextWriter.Null, TextWriter.Null));

    private static IEnumerable<(string Path, Command Command)> Walk(Command command, string path) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(child => Walk(child, $"{path} {child.Name}")).Prepend((path, command));
}
