using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;

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
        // A parent that failed, or whose task Slurm lost, is another task's: nothing is trained twice.
        HashSet<string> possible = [];
        foreach (RunTask one in work.Plan.Tasks)
        {
            string id = RunIdentity.Of(one.Run);
            if (own.Contains(id) && (one.Run.Parent is not { } parent || RunIdentity.Of(parent) is var from && (possible.Contains(from) || Directory.Exists(work.Store.Paths.Run(from)))))
                possible.Add(id);
        }
        if (own.Count > possible.Count) terminal.Say($"{own.Count - possible.Count} of {own.Count} runs come from others that are not finished, and are left out.");
        string node = Environment.GetEnvironmentVariable("SLURMD_NODENAME") is { Length: > 0 } name ? name : Environment.MachineName;
        StudyWork part = work.Only(possible);
        terminal.Say($"{DateTime.Now:yyyy-MM-dd HH:mm:ss} on {node}: {part.Missing.Length} of {own.Count} runs to train.");
        try
        {
            return runner.Train(part, "") is { } failure ? throw failure : 0;
        }
        catch (StoppedException stopped)
        {
            terminal.Say($"{node}: {stopped.Message}");
            return SlurmScript.Stopped;
        }
    }
}
