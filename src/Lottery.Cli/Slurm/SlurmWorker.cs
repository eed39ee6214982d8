using System.Runtime.ExceptionServices;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Cli.Slurm;

/// <summary>Completes the runs of one task on a node.</summary>
internal static class SlurmWorker
{
    /// <summary>A step of a large network takes longer than the usual patience, and Slurm's warning comes a minute early.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    /// <summary>Trains what is missing of the task's runs and can be trained.</summary>
    /// <param name="terminal">Where the log is written.</param>
    /// <param name="runner">Trains runs.</param>
    /// <param name="work">The whole study.</param>
    /// <param name="file">The task's file.</param>
    /// <returns>The exit code, as the script of the array understands it.</returns>
    /// <exception cref="UserException">The file is no task's, or names runs that the study does not have; or runs failed.</exception>
    public static int Run(Terminal terminal, StudyRunner runner, StudyWork work, string file)
    {
        terminal.Interruption.Patience = s_patience;
        var task = SlurmTaskFile.Read(file);
        HashSet<string> own = [.. task.Runs], planned = [.. work.Plan.Ids];
        if (task.Study != work.Plan.Study.Name || !planned.IsSupersetOf(own))
            throw new UserException($"{file} names runs that {work.Plan.Study.Name} does not have: it was submitted by another version of lottery or with other data.");
        string node = Environment.GetEnvironmentVariable("SLURMD_NODENAME") is { Length: > 0 } name ? name : Environment.MachineName;
        Blame(work, file, own, node);
        // A parent that failed, or whose task Slurm lost, is another task's: nothing is trained twice.
        HashSet<string> possible = [];
        foreach (RunTask one in work.Plan.Tasks)
        {
            string id = RunIdentity.Of(one.Run);
            if (own.Contains(id) && !SlurmStudy.IsGivenUp(work.Store, id) && (one.Run.Parent is not { } parent || RunIdentity.Of(parent) is var from && (possible.Contains(from) || Directory.Exists(work.Store.Paths.Run(from)))))
                possible.Add(id);
        }
        if (own.Count > possible.Count) terminal.Say($"{own.Count - possible.Count} of {own.Count} runs failed too often or come from others that are not finished, and are left out.");
        StudyWork part = work.Only(possible);
        terminal.Say($"{DateTime.Now:yyyy-MM-dd HH:mm:ss} on {node}: {part.Missing.Length} of {own.Count} runs to train.");
        try
        {
            // A run that failed is tried again at once, and then, by another worker, perhaps on another node.
            return Attempt(terminal, runner, part, own) && Attempt(terminal, runner, part, own) ? SlurmScript.Stopped : 0;
        }
        catch (StoppedException stopped)
        {
            terminal.Say($"{node}: {stopped.Message}");
            return SlurmScript.Stopped;
        }
    }

    /// <summary>Trains the runs that are not finished.</summary>
    /// <returns>True if one failed and may be tried again.</returns>
    private static bool Attempt(Terminal terminal, StudyRunner runner, StudyWork part, HashSet<string> own)
    {
        Exception? failure;
        try
        {
            failure = runner.Train(part, "");
        }
        catch (InvalidOperationException fault)
        {
            // The runs that failed by it are recorded like others.
            failure = fault;
        }
        if (failure is null) return false;
        RunFailure[] failed = [.. own.Select(id => RunFailure.Read(part.Store.Paths.Failure(id))).OfType<RunFailure>().Where(one => !one.IsSkipped)];
        if (failed.Length == 0) ExceptionDispatchInfo.Throw(failure);
        terminal.Say($"lottery: {failure.Message}");
        return failed.Any(one => one.Attempts < SlurmStudy.MostFailures);
    }

    /// <summary>Counts a failure of the runs that were trained when the last worker of the task was killed.</summary>
    private static void Blame(StudyWork work, string file, HashSet<string> own, string node)
    {
        string killed = SlurmJobPaths.Killed(file);
        if (!File.Exists(killed)) return;
        RunTask[] begun = [.. work.Missing.Where(task => RunIdentity.Of(task.Run) is var id && own.Contains(id) && Directory.Exists(work.Store.Paths.ActiveRun(id)) && RunFailure.Read(work.Store.Paths.Failure(id)) is null)];
        foreach (RunTask task in begun) StudyRunner.Note(() => work.Store.Fail(task.Run, $"its worker on {node} was killed."));
        // A worker that is killed before it begins a run leaves the file, by which its script gives up.
        if (begun.Length > 0) StoreFolder.RemoveFile(killed);
    }
}
