using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

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
        Terminal.Interruption.Watch();
        long start = TimeProvider.System.GetTimestamp();
        int jobs = parsed.GetValue(Common.Jobs);
        bool json = parsed.GetValue(Common.Json);
        StudyFile file = _options.Read(parsed.GetValue(_file)!, parsed);
        var completion = new RunCompletion(Terminal, jobs);
        var work = new StudyWork(file, Open(parsed), completion);
        if (parsed.GetValue(_dryRun))
        {
            if (json) Write(StudySummary.PlanJson(work, jobs));
            else Write(StudySummary.Plan(work, jobs));
            return 0;
        }
        RunCompletion.RequireStore(work.Store.Paths.Root);
        Train(work, completion, StudySummary.Title(file, work.Plan.Tasks.Length), jobs, json);
        StudyTable table = work.Table();
        if (json)
        {
            Write(TableJson.Write(work.Plan.Ids, table));
            return 0;
        }
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        string folder = work.Store.Paths.Root, next = $"lottery study show {file.Name}{SearchSummary.StoreOption(folder)}";
        Write(["", .. StudySummary.Lines(table), "", SearchSummary.End(seconds, work.Plan.Tasks.Length, folder, next)]);
        return 0;
    }

    private void Train(StudyWork work, RunCompletion completion, string title, int jobs, bool json)
    {
        if (json) Terminal.Say(title);
        else
        {
            Write([title]);
            Terminal.Flush();
        }
        work.Store.AddToStudy(work.Plan.File.Name, work.Plan.Ids);
        completion.Announce(work.There, work.Plan.Tasks.Length, work.Seconds);
        if (work.Missing.IsEmpty) return;
        using ActiveJobSession told = work.Store.BeginJob(
            title, work.Plan.File.Name, jobs, work.Plan.Tasks.Select(task => (task.Run, work.Cost(task.Run))));
        completion.Complete(work.Store, work.Missing, ImmutableHashSet<string>.Empty, work.Cost, _ => { });
        told.Complete();
    }
}
