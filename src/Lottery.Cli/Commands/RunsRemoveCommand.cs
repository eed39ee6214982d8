using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Takes runs out of a store.</summary>
internal sealed class RunsRemoveCommand : StoreCommand
{
    private readonly Argument<string[]> _ids = new("ID")
    {
        Description = "Ids, or their beginnings; a run that another comes from goes only with it.",
        Arity = ArgumentArity.OneOrMore,
    };

    public RunsRemoveCommand(Terminal terminal)
        : base("rm", "Remove finished runs from a store.", "lottery runs rm 3f2a 91c0", terminal) => Add(_ids);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string[] ids = Resolve(store, parsed.GetValue(_ids));
        store.Remove(ids);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["removed"] = Json.Array(ids) });
        else Write([ids.Length == 1 ? "1 run was removed." : $"{ids.Length} runs were removed."]);
        return 0;
    }
}
