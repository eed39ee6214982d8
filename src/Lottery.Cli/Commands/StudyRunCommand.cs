using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>Trains what a study still lacks, and sums it up.</summary>
internal sealed class StudyRunCommand : StoreCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The study's YAML file." };
    private readonly StudyOptions _options = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the plan, and train nothing." };

    public StudyRunCommand(Terminal terminal) : base("run", "Run a study, or what is missing of it, and print its table.",
        "lottery study run studies/criteria.yaml --scale quick", terminal)
    {
        Add(_file);
        foreach (Option option in _options.All) Add(option);
        Add(_dryRun);
    }

    protected override int Run(ParseResult parsed)
    {
        var runner = new StudyRunner(Terminal, parsed);
        StudyWork work = runner.Plan(_options.Read(parsed.GetValue(_file)!, parsed));
        bool json = parsed.GetValue(Common.Json);
        if (parsed.GetValue(_dryRun))
        {
            if (json) Write(StudySummary.PlanJson(work, parsed.GetValue(Common.Jobs)));
            else Write(StudySummary.Plan(work, parsed.GetValue(Common.Jobs)));
            return 0;
        }
        Study study = work.Plan.Study;
        int runs = work.Plan.Tasks.Length;
        runner.Train(work, StudySummary.Title(study, runs));
        StudyTable table = work.Table();
        if (json)
        {
            Write(TableJson.Write(work.Plan.Ids, table));
            return 0;
        }
        string folder = work.Store.Paths.Root, next = $"lottery study show {study.Name}{SearchSummary.StoreOption(folder)}";
        Write(["", .. StudySummary.Lines(table, Terminal.Width), "", SearchSummary.End(runner.Seconds, runs, folder, next)]);
        return 0;
    }
}
