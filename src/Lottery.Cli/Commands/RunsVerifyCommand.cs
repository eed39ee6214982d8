using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Whether runs are still what was written.</summary>
internal sealed class RunsVerifyCommand : StoreCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids, or their beginnings; all runs where none is given.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public RunsVerifyCommand(Terminal terminal)
        : base("verify", "Check runs against their own hashes and their seeds.", "lottery runs verify", terminal) => Add(_ids);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        RunCheck[] checks = [.. store.Verify(Resolve(store, parsed.GetValue(_ids)))];
        RunCheck[] damaged = [.. checks.Where(check => !check.Problems.IsEmpty)];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. checks.Select(Of)]));
        else Write(damaged.SelectMany(check => check.Problems));
        if (damaged.Length > 0)
            throw new UserException(
                $"{damaged.Length} of {checks.Length} runs are damaged; `lottery runs rm {RunIdentity.Short(damaged[0].Id)}` "
                + "makes room for training it again.", 1);
        if (!parsed.GetValue(Common.Json))
            Write([checks.Length == 1 ? "1 run is as it was written." : $"{checks.Length} runs are as they were written."]);
        return 0;
    }

    private static JsonNode Of(RunCheck check) => new JsonObject { ["id"] = check.Id, ["problems"] = Json.Array(check.Problems) };
}
