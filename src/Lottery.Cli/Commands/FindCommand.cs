using System.CommandLine;
using System.Globalization;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Data;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>One search, stated by options.</summary>
internal sealed class FindCommand : LotteryCommand
{
    /// <summary>How far a search until the tickets are worse goes if no number is given: below a thousandth of the weights at the paper's rates.</summary>
    private const string MostLevels = "32";

    private readonly SearchOptions _options = new();
    private readonly ComparisonOptions _comparison = new();

    private readonly Option<bool> _untilWorse = new("--until-worse")
    {
        Description = $"Stop at the first level that is no longer as good as the dense network over the replicates; at most --levels, {MostLevels} if left out.",
    };

    public FindCommand(Terminal terminal) : base("find", "Find lottery tickets: train, prune, rewind, train again.",
        "lottery find --network lenet-300-100 --data mnist --levels 12 --epochs 10 --controls reinit --replicates 5", terminal)
    {
        foreach (Option option in (Option[])[.. _options.All, .. _comparison.All, _untilWorse, Common.Store(), Common.Jobs(), Common.Device(), Common.Memory(), Common.MaxHours(), Common.Log()]) Add(option);
        Validators.Add(command =>
        {
            if (command.GetResult(_options["--network"]) is null && command.GetResult(_options["--from"]) is null)
                command.AddError("--network is missing; see `lottery find --help`.");
        });
    }

    protected override int Run(ParseResult parsed)
    {
        var search = new OneSearch(Terminal, parsed);
        ComparisonSettings settings = _comparison.Read(parsed);
        if (parsed.GetValue(_untilWorse))
        {
            Study whole = _options.Read(parsed, UntilWorse(parsed, null));
            RequireReplicates(whole);
            if (settings.Metric.IsStep) throw new UserException($"--until-worse and --metric {settings.Metric.Name} are both given; only an accuracy is as good as another, so leave one out.");
            search.RunUntilWorse(levels => _options.Read(parsed, UntilWorse(parsed, levels)), settings, whole.Cells[0].Definition.Pruning.Levels, best => Next(best, whole, parsed));
            return 0;
        }
        Study study = _options.Read(parsed);
        search.Run(study, settings, best => Next(best, study, parsed));
        return 0;
    }

    /// <summary>The options that a search of some levels has besides those that are given; null for the most.</summary>
    private Dictionary<string, string> UntilWorse(ParseResult parsed, int? levels) =>
        levels is { } count ? new() { ["--levels"] = count.ToString(CultureInfo.InvariantCulture) }
        : new[] { "--levels", "--to-density", "--supermask" }.Any(name => Common.IsGiven(_options[name], parsed)) ? [] : new() { ["--levels"] = MostLevels };

    private static void RequireReplicates(Study study)
    {
        SearchDefinition search = study.Cells[0].Definition;
        if (study.Replicates == 1)
            throw new UserException("--until-worse compares tickets with the dense network over replicates, and there is one: give --replicates 2 or more, as in --replicates 5.");
        if (search.Supermask is not null)
            throw new UserException("--until-worse and --supermask are both given; where a mask is learned there are no levels, so leave one out.");
        if (search.Pruning.Untrained)
            throw new UserException("--until-worse and --untrained are both given; masks on untrained weights are not as good as the trained dense network, so leave one out.");
        if (search.Pruning.Levels == 0) throw new UserException("--until-worse prunes level after level, and --levels is 0: give 1 or more.");
    }

    /// <summary>More seeds where there is one by default; else the ticket as a file.</summary>
    private string Next(string best, Study study, ParseResult parsed)
    {
        if (study.Replicates == 1 && !Common.IsGiven(_options["--replicates"], parsed))
            return $"lottery {string.Join(' ', parsed.Tokens.Select(token => Hints.Quoted(token.Value)))} --replicates 5";
        string data = study.Cells[0].DataSet;
        return $"lottery ticket pack {best}{(KnownSet.Find(data) is null ? $" --data {Hints.Quoted(data)}" : "")}";
    }
}
