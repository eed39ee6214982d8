using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>One search, stated by options.</summary>
internal sealed class FindCommand : LotteryCommand
{
    private readonly SearchOptions _options = new();

    public FindCommand(Terminal terminal) : base("find", "Find lottery tickets: train, prune, rewind, train again.",
        "lottery find --network lenet-300-100 --data mnist --levels 12 --epochs 10 --controls reinit --replicates 5", terminal)
    {
        foreach (Option option in _options.All) Add(option);
        Validators.Add(command =>
        {
            if (command.GetResult(_options["--network"]) is null && command.GetResult(_options["--from"]) is null)
                command.AddError("--network is missing; see lottery find --help.");
        });
    }

    protected override int Run(ParseResult parsed)
    {
        Study study = _options.Read(parsed);
        string next = study.Replicates == 1 ? "--replicates 5 for an interval over seeds" : "lottery runs export ID --to DIR";
        new OneSearch(Terminal, parsed).Run(study, next);
        return 0;
    }
}
