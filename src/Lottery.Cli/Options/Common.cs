using System.CommandLine;

namespace Lottery.Cli.Options;

/// <summary>The options that every command has.</summary>
internal static class Common
{
    public static Option<string> Store { get; } = Global(new Option<string>("--store")
    {
        Description = "The folder of the run store.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".lottery",
    });

    public static Option<ulong> Seed { get; } = Global(Values.Parsed<ulong>(
        "--seed", "N", "The first replicate's seed; replicate r has N + r.",
        "an integer from 0 to 18446744073709551615", Values.Unsigned, 0));

    public static Option<int> Jobs { get; } = Global(Values.Integer("--jobs", "The total number of threads.", 1, Environment.ProcessorCount));

    public static Option<bool> Json { get; } = Global(new Option<bool>("--json")
    {
        Description = "One JSON document on standard output, all else on standard error.",
    });

    public static Option<bool> Debug { get; } = Global(new Option<bool>("--debug")
    {
        Description = "Add the stack trace to an error message.",
    });

    public static IEnumerable<Option> All => [Store, Seed, Jobs, Json, Debug];

    /// <summary>Whether the command line states an option, rather than its default.</summary>
    public static bool IsGiven(Option option, ParseResult parsed) => parsed.GetResult(option) is { Implicit: false };

    private static T Global<T>(T option) where T : Option
    {
        option.Recursive = true;
        return option;
    }
}
