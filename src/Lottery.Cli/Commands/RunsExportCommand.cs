using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>A run for other programs.</summary>
internal sealed class RunsExportCommand : StoreCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "An id, or the beginning of one." };

    private readonly Option<string> _to = new("--to")
    {
        Description = "A new or empty folder, or one that was exported to before.",
        HelpName = "DIR",
        Required = true,
    };

    public RunsExportCommand(Terminal terminal)
        : base("export", "Write a run's weights and mask as safetensors, its curves as CSV.",
            "lottery runs export 3f2a --to ticket", terminal)
    {
        Add(_id);
        Add(_to);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string id = store.Resolve(parsed.GetValue(_id)!), folder = Path.GetFullPath(parsed.GetValue(_to)!);
        store.Export(id, folder);
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["id"] = id, ["folder"] = folder });
        else Write([$"Run {RunIdentity.Short(id)} is in {folder}."]);
        return 0;
    }
}
