using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>Sweeps up after crashes.</summary>
internal sealed class RunsCollectCommand(Terminal terminal)
    : StoreCommand("gc", "Remove what crashes left behind; interrupted runs keep their place.", "lottery runs gc", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        long freed = Open(parsed).CollectGarbage();
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["freed_bytes"] = freed });
        else Write([$"{NumberFormat.Size(freed)} freed."]);
        return 0;
    }
}
