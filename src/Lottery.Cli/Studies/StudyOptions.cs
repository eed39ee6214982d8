using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Studies.Files;

namespace Lottery.Cli.Studies;

/// <summary>The options of commands that read a study file: overrides of its values.</summary>
internal sealed class StudyOptions
{
    private const int MostReplicates = 1_000;

    private readonly Option<string?> _scale = new("--scale")
    {
        Description = "One of the file's scales, for example quick.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a key, as in train.steps=1000; can be repeated.",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<int?> _replicates =
        Values.IntegerOrNone("--replicates", "The number of seeds, instead of the file's.", 1, MostReplicates);

    private readonly Option<ulong> _seed = Common.Seed();

    private readonly Option<bool> _large = new("--large") { Description = "Allow a matrix of more than 10,000 cells." };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_scale, _set, _replicates, _seed, _large];

    /// <summary>The study in a file.</summary>
    /// <exception cref="UserException">The file or an option is wrong.</exception>
    public Study Read(string file, ParseResult parsed) => Study.Read(file, Overrides(parsed));

    /// <summary>What the options state.</summary>
    public StudyOverrides Overrides(ParseResult parsed) => new()
    {
        Scale = parsed.GetValue(_scale),
        Set = [.. parsed.GetValue(_set) ?? []],
        Replicates = parsed.GetValue(_replicates),
        Seed = Common.IsGiven(_seed, parsed) ? parsed.GetValue(_seed) : null,
        Large = parsed.GetValue(_large),
    };

    /// <summary>Whether any override is given.</summary>
    public bool AreGiven(ParseResult parsed) =>
        All.Any(option => Common.IsGiven(option, parsed));
}
