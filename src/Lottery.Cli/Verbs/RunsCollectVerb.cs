using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Tables;

namespace Lottery.Cli.Verbs;

/// <summary>Sweeps up after crashes.</summary>
internal sealed class RunsCollectVerb(Terminal terminal)
    : StoreVerb("gc", "Remove what crashes left behind; interrupted runs keep their place.", "lottery runs gc", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        long freed = Open(parsed).CollectGarbage();
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["freed_bytes"] = freed });
        else Write([$"{Figures.Size(freed)} freed."]);
        return 0;
    }
}
