using System.CommandLine;

namespace Lottery.Cli.Commands;

/// <summary>The runs in a store.</summary>
internal sealed class RunsCommand : Command
{
    public RunsCommand(Terminal terminal) : base("runs", "List, show, compare, export, verify or remove finished runs.")
    {
        Add(new RunsListCommand(terminal));
        Add(new RunsShowCommand(terminal));
        Add(new RunsDiffCommand(terminal));
        Add(new RunsMaskingCommand(terminal));
        Add(new RunsExportCommand(terminal));
        Add(new RunsVerifyCommand(terminal));
        Add(new RunsRemoveCommand(terminal));
        Add(new RunsCollectCommand(terminal));
    }
}
