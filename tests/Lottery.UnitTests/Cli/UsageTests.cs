using System.Text.Json.Nodes;

namespace Lottery.UnitTests.Cli;

public sealed class UsageTests
{
    private const string Find = "find --network lenet-300-100 --data mnist --levels 1 --steps 3 ";

    [Theory]
    [InlineData("fnd", "There is no command 'fnd'; did you mean 'find'?")]
    [InlineData("frobnicate", "There is no command 'frobnicate'; see `lottery --help`.")]
    [InlineData("--bogus", "There is no option '--bogus'; see `lottery --help`.")]
    [InlineData("@file", "There is no command '@file'; see `lottery --help`.")]
    [InlineData("network", "'network' needs a subcommand: list, show, import; see `lottery network --help`.")]
    [InlineData("network lst", "There is no command 'lst'; did you mean 'list'?")]
    [InlineData("network show", "NETWORK is missing; see `lottery network show --help`.")]
    [InlineData("network show lenet-300-10", "There is no network called 'lenet-300-10'; did you mean 'lenet-300-100'?")]
    [InlineData("network list more", "'more' is one argument too many; see `lottery network list --help`.")]
    [InlineData("network list --jsn", "There is no option '--jsn'; did you mean '--json'?")]
    [InlineData("query x --jbos=2", "There is no option '--jbos'; did you mean '--jobs'?")]
    [InlineData("query x --jobs", "--jobs needs a value; see `lottery query --help`.")]
    [InlineData("query x --jobs 0", "--jobs is '0', but must be an integer of at least 1.")]
    [InlineData("query x --jobs 1 --jobs 2", "--jobs is given more than once; give it once.")]
    [InlineData("quickstart --seed -1", "--seed is '-1', but must be an integer from 0 to 18446744073709551615.")]
    [InlineData("data verify mnst", "There is no data set called 'mnst' (only mnist, fashion-mnist, kmnist, emnist-balanced, emnist-letters, emnist-digits, emnist-mnist, emnist-byclass, emnist-bymerge, cifar-10, cifar-100 and tiny-imagenet); did you mean 'mnist'?")]
    [InlineData("runs export a", "--to is missing; see `lottery runs export --help`.")]
    [InlineData("network list --seed 1", "There is no option '--seed'; see `lottery network list --help`.")]
    [InlineData("--store x runs list", "--store stands before the command; write it after, as in `lottery runs list --store …`.")]
    [InlineData("help runs lst", "There is no command 'lst'; did you mean 'list'?")]
    [InlineData("completion korn", "SHELL cannot be 'korn'; use one of bash, zsh, fish, powershell.")]
    [InlineData("runs list --sort acuracy", "Runs have no column 'acuracy'; did you mean 'accuracy'?")]
    [InlineData("runs list --columns id,levl", "Runs have no column 'levl'; did you mean 'level'?")]
    [InlineData("runs list --where levl=3", "--where levl=3: there is no 'levl'; did you mean 'level'?")]
    [InlineData("runs rm", "Nothing to remove is named; give ids, or --study NAME.")]
    public void Is_told_in_one_sentence(string line, string sentence) => Says(sentence, line);

    [Theory]
    [InlineData("find", "--network is missing; see `lottery find --help`.")]
    [InlineData("find --network mlp:784-10 --data mnist --levels 2", "The training has no length; add --steps or --epochs.")]
    [InlineData(Find + "--epochs 1", "--epochs and --steps are both given; give one of them.")]
    [InlineData("find --network lenet-300-10 --data mnist --levels 1 --steps 3", "There is no network called 'lenet-300-10'; did you mean 'lenet-300-100'?")]
    [InlineData("find --network lenet-300-100 --data mnst --levels 1 --steps 3", "There is no data set called 'mnst' (only mnist, fashion-mnist, kmnist, emnist-balanced, emnist-letters, emnist-digits, emnist-mnist, emnist-byclass, emnist-bymerge, cifar-10, cifar-100 and tiny-imagenet); did you mean 'mnist'?")]
    [InlineData("find --network lenet-300-100 --data mnist --levels -1 --steps 3", "--levels is '-1', but must be an integer from 0 to 1000.")]
    [InlineData("find --network lenet-300-100 --data mnist --levels 1 --steps 0", "--steps is '0', but must be an integer of at least 1.")]
    [InlineData("find --network lenet-300-100 --data mnist --levels 1 --steps 99999999999", "--steps is '99999999999', but must be an integer from 1 to 2147483647.")]
    [InlineData("query x --jobs 99999999999", "--jobs is '99999999999', but must be an integer from 1 to 2147483647.")]
    [InlineData(Find + "--seed 18446744073709551615 --replicates 3",
        "--seed is 18446744073709551615, but 3 replicates need as many seeds from there on, and 18446744073709551615 is the largest; use a smaller one.")]
    [InlineData("find --network lenet-300-100 --data mnist --levels 1 --epochs 1.5", "--epochs is '1.5', but must be an integer of at least 1.")]
    [InlineData(Find + "--validation -5", "--validation is '-5', but must be an integer of at least 1.")]
    [InlineData(Find + "--evaluate 0", "--evaluate is '0', but must be an integer of at least 1, or epochs as in 2ep.")]
    [InlineData(Find + "--batch 0", "--batch is '0', but must be an integer of at least 1.")]
    [InlineData(Find + "--replicates 0", "--replicates is '0', but must be an integer from 1 to 1000.")]
    [InlineData(Find + "--lr 0", "--lr is '0', but must be a number above 0.")]
    [InlineData(Find + "--lr -0.1", "--lr is '-0.1', but must be a number above 0.")]
    [InlineData(Find + "--lr NaN", "--lr is 'NaN', but must be a number above 0.")]
    [InlineData(Find + "--rate fc=-0.1", "--rate fc is '-0.1', but must be a number of at least 0 and below 1.")]
    [InlineData(Find + "--rate conv=0.1,fc=1", "--rate fc is '1', but must be a number of at least 0 and below 1.")]
    [InlineData(Find + "--rate fcc=0.1", "--rate has no key 'fcc'; did you mean 'fc'?")]
    [InlineData(Find + "--rate 0.2", "--rate is '0.2', but must be written as in conv=0.1,fc=0.1,output=0.1.")]
    [InlineData(Find + "--controls reint", "--controls cannot be 'reint'; did you mean 'reinit'?")]
    [InlineData(Find + "--optimizer adm", "--optimizer cannot be 'adm'; did you mean 'adam'?")]
    [InlineData(Find + "--criterion larg-final", "There is no criterion called 'larg-final'; did you mean 'large-final'?")]
    [InlineData(Find + "--criterion abs(wf", "The expression 'abs(wf' is wrong at column 7: an operator or ')' (abs takes one value) is expected, not the end.")]
    [InlineData(Find + "--schedule oneshot", "--schedule cannot be 'oneshot'; did you mean 'one-shot'?")]
    [InlineData(Find + "--mask1 constant(0)", "The mask-1 action constant takes a number above 0, as in 'constant(0.5)', but 'constant(0)' gives it another.")]
    [InlineData(Find + "--untrained --schedule iterative", "--schedule is iterative, but untrained masks are one-shot; leave it out.")]
    [InlineData(Find + "--rate fc=2e0", "--rate fc is '2e0', but must be a number of at least 0 and below 1.")]
    [InlineData(Find + "--until-worse",
        "--until-worse compares tickets with the dense network over replicates, and there is one: give --replicates 2 or more, as in --replicates 5.")]
    [InlineData(Find + "--until-worse --replicates 2 --untrained",
        "--until-worse and --untrained are both given; masks on untrained weights are not as good as the trained dense network, so leave one out.")]
    [InlineData("find --network lenet-300-100 --data mnist --supermask initial --until-worse --replicates 2",
        "--until-worse and --supermask are both given; where a mask is learned there are no levels, so leave one out.")]
    [InlineData("find --network lenet-300-100 --data mnist --levels 0 --until-worse --replicates 2", "--until-worse prunes level after level, and --levels is 0: give 1 or more.")]
    [InlineData(Find + "--protocol papers", "--protocol cannot be 'papers'; did you mean 'paper'?")]
    [InlineData(Find + "--mask1 rewid", "There is no mask-1 action called 'rewid'; did you mean 'rewind'?")]
    public void Of_find_is_told_in_one_sentence(string line, string sentence) => Says(sentence, line);

    [Fact]
    public void A_stack_trace_is_shown_with_debug_alone()
    {
        Assert.DoesNotContain("   at ", CommandLineRun.OfLine("network show nothing").Error);
        Assert.Contains("   at ", CommandLineRun.OfLine("network show nothing --debug").Error);
    }

    [Theory]
    [InlineData("network show nothing --json", "request", 2)]
    [InlineData("fnd --json", "request", 2)]
    [InlineData("runs rm --json", "request", 2)]
    public void With_json_an_error_is_one_object_in_a_line_of_standard_error(string line, string kind, int exitCode)
    {
        CommandLineRun run = CommandLineRun.OfLine(line);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        JsonNode error = JsonNode.Parse(Assert.Single(run.Error.TrimEnd('\n').Split('\n')))!["error"]!;
        Assert.Equal((kind, exitCode), ((string)error["kind"]!, (int)error["exit_code"]!));
        Assert.Equal($"lottery: {(string)error["message"]!}\n", CommandLineRun.OfLine(line.Replace(" --json", "", StringComparison.Ordinal)).Error);
        Assert.Null(error["trace"]);
        Assert.NotNull(JsonNode.Parse(CommandLineRun.OfLine($"{line} --debug").Error.TrimEnd('\n').Split('\n')[^1])!["error"]!["trace"]);
    }

    private static void Says(string sentence, string line) =>
        Assert.Equal(new CommandLineRun(2, "", $"lottery: {sentence}\n"), CommandLineRun.OfLine(line));
}
