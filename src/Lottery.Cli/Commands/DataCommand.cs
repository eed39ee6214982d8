using System.CommandLine;

namespace Lottery.Cli.Commands;

/// <summary>The data sets that are known by name.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand(Terminal terminal) : base("data", "List, download or verify data sets.")
    {
        Add(new DataListCommand(terminal));
        Add(new DataGetCommand(terminal));
        Add(new DataVerifyCommand(terminal));
    }
}
