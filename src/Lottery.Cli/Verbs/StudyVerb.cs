using System.CommandLine;

namespace Lottery.Cli.Verbs;

/// <summary>Studies: files whose axes make many runs.</summary>
internal sealed class StudyVerb : Command
{
    public StudyVerb(Terminal terminal) : base("study", "Run, plan, list or show studies: YAML files whose axes make many runs.")
    {
        Add(new StudyRunVerb(terminal));
        Add(new StudyPlanVerb(terminal));
        Add(new StudyListVerb(terminal));
        Add(new StudyShowVerb(terminal));
        Add(new StudySchemaVerb(terminal));
    }
}
