using System.CommandLine;

namespace Lottery.Cli.Verbs;

/// <summary>The data sets that are known by name.</summary>
internal sealed class DataVerb : Command
{
    public DataVerb(Terminal terminal) : base("data", "List, download or verify data sets.")
    {
        Add(new DataListVerb(terminal));
        Add(new DataGetVerb(terminal));
        Add(new DataVerifyVerb(terminal));
    }
}
