using System.CommandLine;

namespace Lottery.Cli.Verbs;

/// <summary>The networks that there are.</summary>
internal sealed class NetworkVerb : Command
{
    public NetworkVerb(Terminal terminal) : base("network", "List networks, or show one layer by layer.")
    {
        Add(new NetworkListVerb(terminal));
        Add(new NetworkShowVerb(terminal));
    }
}
