using System.CommandLine;
using Lottery.Cli.Output;

namespace Lottery.Cli.Commands;

/// <summary>Studies: files whose axes make many runs.</summary>
internal sealed class StudyCommand : Command
{
    public StudyCommand(Terminal terminal) : base("study", "Run, plan, list or show studies: YAML files whose axes make many runs.")
    {
        Add(new StudyRunCommand(terminal));
        Add(new StudyPlanCommand(terminal));
        Add(new StudyListCommand(terminal));
        Add(new StudyShowCommand(terminal));
        Add(new StudySchemaCommand(terminal));
    }
}
