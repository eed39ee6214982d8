using System.Collections.Immutable;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Files;
using Lottery.Formats.Yaml;
using Lottery.Report.Tables;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store.Activity;

namespace Lottery.Cli.Slurm;

/// <summary>Completes a study on Slurm: submits it, or finds it there, and shows it until it has ended.</summary>
/// <param name="terminal">The screen.</param>
/// <param name="settings">How it is spread.</param>
/// <param name="slurm">Slurm.</param>
internal sealed class SlurmDriver(Terminal terminal, SlurmSettings settings, ISlurm slurm)
{
    /// <summary>The study's file; null for one that is on Slurm already.</summary>
    public string? File { get; init; }

    /// <summary>What was given besides the file.</summary>
    public StudyOverrides Overrides { get; init; } = new();

    /// <summary>Whether to return when Slurm has the study.</summary>
    public bool Detaches { get; init; }

    /// <summary>The scripts that would be submitted now, with the number of the array that each waits for, as text.</summary>
    public static ImmutableArray<(SlurmArray Array, string Script)> Plan(StudyWork work, SlurmSettings settings, StudyOverrides overrides, ISlurm slurm)
    {
        SlurmSite site = SiteOf(slurm);
        string job = ActiveJobSession.NameOf(work.Plan.Ids);
        SlurmState state = NewState(work, settings, overrides, site);
        SlurmScript script = ScriptOf(work, job, settings, state, site);
        return [.. state.Arrays.Select(array => (array, script.Write(array, settings)))];
    }

    /// <summary>Completes the runs that are missing.</summary>
    /// <returns>The error about runs that failed; null if all are finished.</returns>
    /// <exception cref="UserException">Slurm refuses the study, or it was cancelled.</exception>
    /// <exception cref="DetachedException">Slurm has the study, and the command is to return.</exception>
    public UserException? Complete(StudyWork work, ActiveJobSession job)
    {
        SlurmStudy study = Find(work, job.Name) ?? Submit(work, job.Name);
        int tasks = study.State.Tasks.Count();
        if (Detaches)
        {
            terminal.Say($"{work.Plan.Study.Name} is on Slurm as {NumberFormat.Counted(tasks, "task")}: `lottery study attach {work.Plan.Study.Name}` shows it, and `lottery study cancel {work.Plan.Study.Name}` cancels it.");
            throw new DetachedException();
        }
        using var follower = new SlurmFollower(terminal, study, work, job, settings);
        return follower.Follow();
    }

    /// <summary>The study, if it is on Slurm already.</summary>
    private SlurmStudy? Find(StudyWork work, string job)
    {
        SlurmJobPaths paths = SlurmStudy.PathsOf(work.Store, job);
        if (SlurmState.Read(paths) is not { } state) return null;
        terminal.Say($"{state.Study} is on Slurm since {state.Started.ToLocalTime():yyyy-MM-dd HH:mm}, as {NumberFormat.Counted(state.Tasks.Count(), "task")}.");
        return Of(work, job, state, state.Settings.At(settings), new(() => SiteOf(slurm)));
    }

    private SlurmStudy Submit(StudyWork work, string job)
    {
        SlurmSite site = slurm.Site();
        SlurmState state = NewState(work, settings, Overrides, site);
        SlurmStudy study = Of(work, job, state, settings, new(site));
        study.Begin(InputFile.ReadAll(File!, YamlReader.MostBytes));
        int tasks = state.Tasks.Count();
        terminal.Say($"Submitted as {NumberFormat.Counted(tasks, "task")} in {NumberFormat.Counted(state.Arrays.Length, "job array")} ({string.Join(", ", study.State.Jobs)}).");
        return study;
    }

    private SlurmStudy Of(StudyWork work, string job, SlurmState state, SlurmSettings how, Lazy<SlurmSite> site) =>
        new(work.Store, job, state, Runs(work), now => ScriptOf(work, job, how, now, site.Value), how, slurm)
        {
            Say = terminal.Say,
            Fail = (id, reason) => StudyRunner.Note(() => work.Store.Fail(work.Plan.Tasks[work.Plan.Ids.IndexOf(id)].Run, reason)),
        };

    private static SlurmState NewState(StudyWork work, SlurmSettings settings, StudyOverrides overrides, SlurmSite site)
    {
        HashSet<string> missing = [.. work.Missing.Select(task => RunIdentity.Of(task.Run))];
        return new(work.Plan.Study.Name!, SlurmStudy.NewToken(), Environment.UserName, Environment.CurrentDirectory, DateTimeOffset.UtcNow, overrides, settings,
            SlurmStudy.Plan([.. Runs(work).Where(run => missing.Contains(run.Id))], settings, 0, site.MostTasks));
    }

    private static ImmutableArray<SlurmRun> Runs(StudyWork work) =>
        [.. work.Plan.Tasks.Select(task => new SlurmRun(RunIdentity.Of(task.Run), task.Run.Parent is { } parent ? RunIdentity.Of(parent) : null, work.Cost(task.Run)))];

    private static SlurmScript ScriptOf(StudyWork work, string job, SlurmSettings settings, SlurmState state, SlurmSite site)
    {
        SlurmJobPaths paths = SlurmStudy.PathsOf(work.Store, job);
        string store = Path.GetFullPath(work.Store.Paths.Root);
        ImmutableArray<string> program = settings.Program is { } own ? [own] : Program;
        return new(state.Study, store, paths, state.Folder,
            [
                .. program, "study", "run", paths.Study, .. state.Overrides.Words, "--store", store,
                // A card trains more runs at once than a task has cores.
                .. settings.Device is { } device ? (string[])["--device", device] : [],
                .. settings.Device is null or "auto" or "cpu" ? (string[])["--jobs", $"{settings.Cores}"] : [],
            ])
        {
            Token = state.Token, SiteRequeues = site.Requeues,
        };
    }

    /// <summary>The words that start this program.</summary>
    private static ImmutableArray<string> Program => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll")] : [Environment.ProcessPath!];

    /// <summary>What the site has configured, or the usual where it is not known: scripts can be looked at without Slurm.</summary>
    private static SlurmSite SiteOf(ISlurm slurm)
    {
        try
        {
            return slurm.Site();
        }
        catch (SlurmException)
        {
            return new(1_000, true);
        }
    }
}

/// <summary>The command has nothing more to do: Slurm has the study.</summary>
internal sealed class DetachedException : Exception;
