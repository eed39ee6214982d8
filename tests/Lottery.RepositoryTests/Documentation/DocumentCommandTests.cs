using System.CommandLine;
using System.Text.RegularExpressions;
using Lottery.Cli;
using Lottery.Cli.Commands;
using Lottery.Cli.Output;

namespace Lottery.RepositoryTests.Documentation;

/// <summary>The commands in the documents, and the examples in the help, are ones that the program takes.</summary>
public sealed partial class DocumentCommandTests : IDisposable
{
    private readonly Terminal _terminal = new(TextWriter.Null, TextWriter.Null);
    private readonly Command _root;

    public DocumentCommandTests() => _root = CommandLine.Root(_terminal);

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void Every_command_is_one_that_the_program_takes() => Assert.All(
        Documents.All.SelectMany(document => Documents.Commands(document, "lottery")).Concat(LeafCommands().Select(command => command.Example)).Distinct(),
        command => Assert.True(Takes(command), command));

    [Fact]
    public void Every_command_is_shown_in_the_readme_or_the_tour()
    {
        string[] shown = [.. new[] { "README.md", "docs/tour.md" }.SelectMany(document => Documents.Commands(document, "lottery"))];
        Assert.All(LeafCommands(), command => Assert.Contains(shown, line => _root.Parse(Words(line)).CommandResult.Command == command));
    }

    [Fact]
    public void Every_option_that_the_tour_names_is_one()
    {
        string[] options = [.. Commands(_root).SelectMany(command => command.Options).SelectMany(option => option.Aliases.Append(option.Name))];
        Assert.All(
            new[] { "README.md", "docs/tour.md", "docs/formats.md" }.SelectMany(Documents.Quoted)
                .Where(text => text.StartsWith("--", StringComparison.Ordinal)).Select(text => text.Split(' ', '=')[0]),
            option => Assert.Contains(option, options));
    }

    [Theory]
    [InlineData("./lottery runs list", true)]
    [InlineData("lottery runs lst", false)]
    [InlineData("lottery find --levels 3", false)]
    public void A_wrong_command_would_be_noticed(string command, bool taken) => Assert.Equal(taken, Takes(command));

    private bool Takes(string command) => _root.Parse(Words(command)).Errors.Count == 0;

    private IEnumerable<LotteryCommand> LeafCommands() => Commands(_root).OfType<LotteryCommand>().Where(command => !command.Hidden);

    private static IEnumerable<Command> Commands(Command command) => [command, .. command.Subcommands.SelectMany(Commands)];

    /// <summary>The words after the program's name, as a shell splits them: what is in double quotes is one.</summary>
    private static string[] Words(string command) =>
        [.. Word().Matches(command).Skip(1).Select(word => word.Groups["quoted"] is { Success: true } quoted ? quoted.Value : word.Value)];

    [GeneratedRegex("""\"(?<quoted>[^"]*)\"|\S+""")]
    private static partial Regex Word();
}
