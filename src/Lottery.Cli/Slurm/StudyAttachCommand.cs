using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Cli.Slurm;

/// <summary>Finds a study on Slurm by its name.</summary>
internal static class SlurmStudies
{
    /// <summary>The argument that names it.</summary>
    public static Argument<string> Argument() => new("NAME") { Description = "The study's name." };

    /// <summary>The job of a study.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public static (string Job, SlurmState State) Find(RunStore store, string name)
    {
        var all = SlurmStudy.All(store);
        if (all.FirstOrDefault(one => one.State.Study == name) is { State: not null } found) return found;
        string[] names = [.. all.Select(one => one.State.Study).Distinct()];
        throw new UserException($"{store.Paths.Root} has no study '{name}' on Slurm"
            + (Suggestion.Nearest(name, names) is { } nearest ? $"; did you mean '{nearest}'?"
                : names.Length > 0 ? $"; it has {string.Join(", ", names)}." : "; `lottery study run FILE --on slurm` brings one there."));
    }
}

/// <summary>Shows a study on Slurm until it has ended, and prints its table.</summary>
internal sealed class StudyAttachCommand : CompletingCommand
{
    private readonly Argument<string> _name = SlurmStudies.Argument();
    private readonly ComparisonOptions _comparison = new();

    public StudyAttachCommand(Terminal terminal) : base("attach", "Show a study on Slurm until it has ended, and print its table.", "lottery study attach criteria", terminal)
    {
        Add(_name);
        foreach (Option option in _comparison.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        (string job, SlurmState state) = SlurmStudies.Find(store, parsed.GetValue(_name)!);
        ComparisonSettings settings = _comparison.Read(parsed);
        SlurmJobPaths paths = SlurmStudy.PathsOf(store, job);
        var driver = new SlurmDriver(Terminal, state.Settings.At(SlurmSettings.Read(SlurmSettings.SiteFile)), new SlurmClient());
        var runner = new StudyRunner(Terminal, parsed)
        {
            Elsewhere = driver.Complete,
            Command = ActiveJob.Read(store.Paths, job)?.Command,
            Store = Path.GetFullPath(store.Paths.Root),
        };
        // What the study names by relative paths is about the folder in which it was given.
        if (Directory.Exists(state.Folder)) Environment.CurrentDirectory = state.Folder;
        StudyWork work = runner.Plan(Study.Read(paths.Study, state.Overrides));
        if (ActiveJobSession.NameOf(work.Plan.Ids) != job)
            throw new UserException($"The runs of {state.Study} are not those that were submitted: attach with the version of lottery that submitted it, and with the same data; or `lottery study cancel {state.Study}`.");
        return Complete(runner, work, settings, parsed.GetValue(Common.Json));
    }
}

/// <summary>Cancels a study on Slurm.</summary>
internal sealed class StudyCancelCommand : StoreCommand
{
    private readonly Argument<string> _name = SlurmStudies.Argument();

    public StudyCancelCommand(Terminal terminal) : base("cancel", "Cancel a study on Slurm; finished runs and checkpoints stay.", "lottery study cancel criteria", terminal) => Add(_name);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        (string job, SlurmState state) = SlurmStudies.Find(store, parsed.GetValue(_name)!);
        SlurmStudy.Cancel(SlurmStudy.PathsOf(store, job), state, new SlurmClient());
        string[] runs = [.. state.Tasks.SelectMany(task => task.Task.Runs).Distinct()];
        int finished = runs.Count(id => Directory.Exists(store.Paths.Run(id)));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["study"] = state.Study, ["jobs"] = new JsonArray([.. state.Jobs.Select(number => (JsonNode)number)]), ["runs"] = runs.Length, ["finished"] = finished });
        else
            Write($"{state.Study} is cancelled on Slurm; finished runs ({NumberFormat.Count(finished)} of {NumberFormat.Count(runs.Length)}) and checkpoints stay"
                + (ActiveJob.Read(store.Paths, job)?.Command is { } command ? $"; this goes on with them: {command}" : "."));
        return 0;
    }
}
