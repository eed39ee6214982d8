using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;

namespace Lottery.Cli.Commands;

/// <summary>What a study would do.</summary>
internal sealed class StudyPlanCommand : StoreCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The study's YAML file." };
    private readonly StudyOptions _options = new();

    public StudyPlanCommand(Terminal terminal) : base("plan", "Print a study with all defaults, its runs, and what they cost.",
        "lottery study plan studies/criteria.yaml --scale quick", terminal)
    {
        Add(_file);
        foreach (Option option in _options.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        var work = new StudyWork(_options.Read(parsed.GetValue(_file)!, parsed), Open(parsed));
        int jobs = parsed.GetValue(Common.Jobs);
        if (parsed.GetValue(Common.Json)) Write(StudySummary.PlanJson(work, jobs));
        else Write(StudySummary.Plan(work, jobs));
        return 0;
    }
}
