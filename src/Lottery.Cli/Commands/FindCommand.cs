using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Data;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>One search, stated by options.</summary>
internal sealed class FindCommand : LotteryCommand
{
    private readonly SearchOptions _options = new();

    public FindCommand(Terminal terminal) : base("find", "Find lottery tickets: train, prune, rewind, train again.",
        "lottery find --network lenet-300-100 --data mnist --levels 12 --epochs 10 --controls reinit --replicates 5", terminal)
    {
        foreach (Option option in (Option[])[.. _options.All, Common.Store(), Common.Jobs(), Common.Log()]) Add(option);
        Validators.Add(command =>
        {
            if (command.GetResult(_options["--network"]) is null && command.GetResult(_options["--from"]) is null)
                command.AddError("--network is missing; see `lottery find --help`.");
        });
    }

    protected override int Run(ParseResult parsed)
    {
        Study study = _options.Read(parsed);
        new OneSearch(Terminal, parsed).Run(study, best => Next(best, study, parsed));
        return 0;
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
