using System.CommandLine;

namespace Lottery.Cli.Commands;

/// <summary>The networks that there are.</summary>
internal sealed class NetworkCommand : Command
{
    public NetworkCommand(Terminal terminal) : base("network", "List networks, or show one layer by layer.")
    {
        Add(new NetworkListCommand(terminal));
        Add(new NetworkShowCommand(terminal));
    }
}
