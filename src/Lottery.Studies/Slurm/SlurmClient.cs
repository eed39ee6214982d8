using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Studies.Slurm;

/// <summary>Slurm, as far as a study needs it.</summary>
internal interface ISlurm
{
    /// <summary>Submits the script of an array.</summary>
    /// <param name="script">Its file.</param>
    /// <param name="after">The number of the job whose tasks its tasks wait for, index by index; null for none.</param>
    /// <returns>The job's number.</returns>
    /// <exception cref="SlurmException">Slurm refuses it or does not answer.</exception>
    long Submit(string script, long? after);

    /// <summary>The arrays of a user in the queue: those that wait, run, or have ended not long ago.</summary>
    /// <exception cref="SlurmException">Slurm does not answer.</exception>
    ImmutableArray<SlurmQueueEntry> Queue(string user);

    /// <summary>Cancels jobs, and returns once the controller has taken the request.</summary>
    /// <exception cref="SlurmException">Slurm does not answer.</exception>
    void Cancel(IReadOnlyCollection<long> jobs);

    /// <summary>What the site has configured.</summary>
    /// <exception cref="SlurmException">Slurm does not answer.</exception>
    SlurmSite Site();
}

/// <summary>Slurm refuses or does not answer; the message is a sentence.</summary>
internal sealed class SlurmException(string message, Exception? inner = null) : UserException(message, inner);

/// <summary>What a site has configured.</summary>
/// <param name="MostTasks">The most tasks of an array; their indices are below it.</param>
/// <param name="Requeues">Whether a task that ends with <see cref="SlurmScript.Stopped"/> is requeued.</param>
internal sealed record SlurmSite(int MostTasks, bool Requeues);

/// <summary>Slurm's commands as processes, each with a time limit: without its controller squeue alone waits for 18 s.</summary>
internal sealed partial class SlurmClient : ISlurm
{
    /// <summary>More than any queue prints; what follows is not read.</summary>
    private const int MostOutput = 1 << 28;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_submitting = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public long Submit(string script, long? after)
    {
        string[] dependency = after is { } job ? [string.Create(CultureInfo.InvariantCulture, $"--dependency=aftercorr:{job}"), "--kill-on-invalid-dep=yes"] : [];
        Answer answer = Run("sbatch", s_submitting, ["--parsable", .. dependency, script]);
        if (answer.ExitCode == 0 && long.TryParse(answer.Output.Trim().Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        throw Refused(answer);
    }

    /// <inheritdoc/>
    public ImmutableArray<SlurmQueueEntry> Queue(string user) => SlurmQueue.Read(Require("squeue", Run("squeue", s_patience, ["--json", $"--user={user}"])));

    /// <inheritdoc/>
    public void Cancel(IReadOnlyCollection<long> jobs)
    {
        if (jobs.Count == 0) return;
        // A job that has ended is none to scancel, and the others are cancelled all the same.
        Answer answer = Run("scancel", s_submitting, ["--quiet", .. jobs.Select(job => job.ToString(CultureInfo.InvariantCulture))]);
        if (answer.ExitCode != 0 && !answer.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase)) Require("scancel", answer);
    }

    /// <inheritdoc/>
    public SlurmSite Site()
    {
        string text = Require("scontrol", Run("scontrol", s_patience, ["show", "config"]));
        string Value(string name) => ConfigLine().Matches(text).FirstOrDefault(line => line.Groups["name"].Value == name)?.Groups["value"].Value.Trim() ?? "";
        const int Usual = 1_000;
        int most = int.TryParse(Value("MaxArraySize"), NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 1 ? Math.Min(size - 1, Usual) : Usual;
        return new(most, Value("RequeueExit").Split(',').Contains(SlurmScript.Stopped.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Require(string command, Answer answer) => answer.ExitCode == 0 ? answer.Output
        : throw new SlurmException($"{command} failed: {(IsUnreachable(answer.Error) ? "the Slurm controller does not answer" : answer.Sentence)}.");

    private static SlurmException Refused(Answer answer)
    {
        string error = answer.Error;
        bool Says(string words) => error.Contains(words, StringComparison.OrdinalIgnoreCase);
        return new(IsUnreachable(error) ? "The Slurm controller does not answer; try again when `sinfo` does."
            : Says("partition specified") || Says("partition name") ? $"Slurm has no such partition ({answer.Sentence}); `sinfo -s` lists those that there are, and --partition names one."
            : Says("invalid account") || Says("account or account") ? $"Slurm refuses the account ({answer.Sentence}); --account names one that you may use."
            : Says("permission") || Says("not permitted") || Says("access") ? $"Slurm does not let you submit this ({answer.Sentence}); ask for access, or name another --partition or --account."
            : Says("--time") || Says("time limit") ? $"Slurm refuses the time limit ({answer.Sentence}); give another --time."
            : Says("generic resource") ? $"Slurm has no such resource ({answer.Sentence}); give another --gres."
            : $"Slurm refused the study: {answer.Sentence}.");
    }

    private static bool IsUnreachable(string error) => error.Contains("Unable to contact slurm controller", StringComparison.OrdinalIgnoreCase)
        || error.Contains("Connection refused", StringComparison.OrdinalIgnoreCase) || error.Contains("Socket timed out", StringComparison.OrdinalIgnoreCase);

    private static Answer Run(string command, TimeSpan patience, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What these say must not depend on the user's settings of their output.
        foreach (string setting in (string[])["SQUEUE_FORMAT", "SQUEUE_FORMAT2", "SQUEUE_STATES", "SQUEUE_PARTITION", "SQUEUE_ALL", "SBATCH_ARRAY_INX", "SBATCH_WAIT"]) start.Environment.Remove(setting);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = Read(process.StandardOutput), error = Read(process.StandardError);
            if (!process.WaitForExit(patience) || !Task.WaitAll([output, error], patience))
            {
                process.Kill(entireProcessTree: true);
                throw new SlurmException($"{command} did not answer within {patience.TotalSeconds:0} s: the Slurm controller seems to be down.");
            }
            DebugLog.Write("slurm", $"{command} {string.Join(' ', start.ArgumentList)}: exit code {process.ExitCode}, {output.Result.Length} characters{(error.Result.Length == 0 ? "" : $", {error.Result.Trim().ReplaceLineEndings(" ")}")}");
            return new(process.ExitCode, output.Result, error.Result);
        }
        catch (Win32Exception missing)
        {
            throw new SlurmException($"{command} could not be started, so there is no Slurm here ({missing.Message.TrimEnd('.')}): run this where Slurm's commands are, or without --on slurm.", missing);
        }
    }

    private static async Task<string> Read(StreamReader reader)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new char[1 << 14];
        while (await reader.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count)
            if (text.Length < MostOutput) text.Append(buffer, 0, count);
        return text.ToString();
    }

    [GeneratedRegex(@"^(?<name>\w+)\s*=(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex ConfigLine();

    private sealed record Answer(int ExitCode, string Output, string Error)
    {
        /// <summary>The first line of what it said, without the command's name before it and a full stop.</summary>
        public string Sentence
        {
            get
            {
                string[] lines = [.. Error.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
                string line = lines.FirstOrDefault(one => one.Contains("error:", StringComparison.OrdinalIgnoreCase)) ?? lines.FirstOrDefault() ?? $"it ended with exit code {ExitCode}";
                int error = line.IndexOf("error: ", StringComparison.OrdinalIgnoreCase);
                return (error >= 0 ? line[(error + "error: ".Length)..] : line).TrimEnd('.');
            }
        }
    }
}
