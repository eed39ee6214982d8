using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lottery.Studies.Settings;

namespace Lottery.Studies.Slurm;

/// <summary>Writes what sbatch is given: one script for an array, which starts a worker for each task.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Store">The store's folder, as the nodes see it.</param>
/// <param name="Job">The folder of the study's job on Slurm, in the store.</param>
/// <param name="Folder">The folder in which the study was given, which its relative paths are about.</param>
/// <param name="Worker">The words of the worker's command, up to the task file.</param>
internal sealed record SlurmScript(string Study, string Store, SlurmJobPaths Job, string Folder, ImmutableArray<string> Worker)
{
    /// <summary>The exit code of a worker that was stopped and wants to go on; sites requeue it by <c>RequeueExit</c>.</summary>
    public const int Stopped = 99;

    /// <summary>Seconds before the time limit at which a worker is told to stop.</summary>
    private const int Warning = 60;

    /// <summary>How often a worker may be killed before its task is given up.</summary>
    private const int MostKills = 3;

    /// <summary>What marks the study's jobs in Slurm's queue, so that one that was submitted is found even if its number was not kept.</summary>
    public required string Token { get; init; }

    /// <summary>True where the site requeues a task that ends with <see cref="Stopped"/>; else the script asks for it.</summary>
    public bool SiteRequeues { get; init; } = true;

    /// <summary>The comment of an array in Slurm's queue.</summary>
    public static string Comment(string token, int array) => string.Create(CultureInfo.InvariantCulture, $"lottery {token} {array}");

    /// <summary>The script of an array.</summary>
    public string Write(SlurmArray array, SlurmSettings settings)
    {
        var text = new StringBuilder("#!/bin/sh\n");
        foreach (string option in Options(array, settings)) text.Append("#SBATCH ").Append(option).Append('\n');
        string task = $"{Quote(Job.TaskPrefix(array.Number))}\"$SLURM_ARRAY_TASK_ID\"";
        string requeue = SiteRequeues ? $"exit {Stopped}" : "exec scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\"";
        return text.Append(CultureInfo.InvariantCulture, $$"""

            {{(settings.Setup is { } setup ? setup.TrimEnd() + "\n" : "")}}task={{task}}
            refuse() { echo "lottery: $1 is not visible on $(hostname): the store, the data and the program have to be on a file system that the nodes share." >&2; exit 3; }
            cd -- {{Quote(Folder)}} || refuse {{Quote(Folder)}}
            [ -r "$task.json" ] || refuse "$task.json"
            worker= asked=
            trap 'asked=1; kill -TERM "$worker" 2>/dev/null' USR1 TERM
            {{ShellCommand.Write(Worker)}} --task "$task.json" &
            worker=$!
            wait "$worker"
            code=$?
            while kill -0 "$worker" 2>/dev/null; do
                wait "$worker"
                code=$?
            done
            case $code in
                # Done, or wrong in a way that another attempt would not change.
                0 | 1 | 2 | 3 | 126 | 127) exit "$code" ;;
                # Stopped before the time limit or by a preemption: the checkpoint is written.
                {{Stopped}}) ;;
                # Killed: the next attempt goes on from the last checkpoint, and counts a failure of the run.
                *)
                    # Not a kill: it was asked to stop before it could listen.
                    if [ "$code" -ne 143 ] || [ -z "$asked" ]; then
                        echo "$code" >>"$task.killed"
                        [ "$(wc -l <"$task.killed")" -lt {{MostKills}} ] || exit 1
                    fi
                    ;;
            esac
            {{requeue}}

            """).ToString();
    }

    private IEnumerable<string> Options(SlurmArray array, SlurmSettings settings)
    {
        string most = settings.MaxTasks is { } limit ? string.Create(CultureInfo.InvariantCulture, $"%{limit}") : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"--job-name=lottery-{Study}-{array.Number}");
        yield return $"--array={array.Indices}{most}";
        yield return Option("comment", Comment(Token, array.Number));
        yield return Option("output", Job.Log(array.Number).Replace("%", "%%", StringComparison.Ordinal) + "%a.txt");
        yield return "--open-mode=append";
        yield return "--requeue";
        yield return string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR1@{Warning}");
        yield return "--export=ALL";
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={settings.Cores}");
        if (settings.Partition is { } partition) yield return Option("partition", partition);
        if (settings.Account is { } account) yield return Option("account", account);
        if (settings.Time is { } time) yield return Option("time", time);
        if (settings.Gres is { } gres) yield return Option("gres", gres);
        if (settings.Memory is { } memory) yield return Option("mem", memory);
        foreach (string own in settings.Options) yield return own;
    }

    /// <summary>An option as sbatch reads it in a script: in double quotes where it is not one plain word.</summary>
    private static string Option(string name, string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,=+@%".Contains(c, StringComparison.Ordinal)) ? $"--{name}={value}"
        : $"--{name}=\"{string.Concat(value.Select(c => c is '\\' or '"' or '$' ? $"\\{c}" : $"{c}"))}\"";

    private static string Quote(string word) => ShellCommand.Quote(word);
}
