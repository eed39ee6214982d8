using System.CommandLine;

namespace Lottery.Cli.Verbs;

/// <summary>The runs in a store.</summary>
internal sealed class RunsVerb : Command
{
    public RunsVerb(Terminal terminal) : base("runs", "List, show, compare, export, verify or remove finished runs.")
    {
        Add(new RunsListVerb(terminal));
        Add(new RunsShowVerb(terminal));
        Add(new RunsDiffVerb(terminal));
        Add(new RunsMaskingVerb(terminal));
        Add(new RunsExportVerb(terminal));
        Add(new RunsVerifyVerb(terminal));
        Add(new RunsRemoveVerb(terminal));
        Add(new RunsCollectVerb(terminal));
    }
}
