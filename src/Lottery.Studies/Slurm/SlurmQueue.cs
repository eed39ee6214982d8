using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lottery.Studies.Slurm;

/// <summary>What a Slurm task does.</summary>
internal enum SlurmTaskState
{
    /// <summary>Slurm's queue does not have it (any more).</summary>
    Gone,

    /// <summary>It waits: for another task, for a node, or to be tried again.</summary>
    Pending,

    /// <summary>It has a node.</summary>
    Running,

    /// <summary>It ended by itself, with exit code 0.</summary>
    Completed,

    /// <summary>It ended in another way, and Slurm does not try it again.</summary>
    Dead,
}

/// <summary>A task or, of tasks that wait, several in Slurm's queue.</summary>
/// <param name="Job">The number of the array.</param>
/// <param name="Tasks">The indices; null where the queue does not list all.</param>
/// <param name="State">What it does.</param>
/// <param name="Word">Slurm's word for the state, as in <c>OUT_OF_MEMORY</c>.</param>
/// <param name="Node">The node; empty where it has none.</param>
/// <param name="Reason">Why it waits or ended, in Slurm's words; empty or <c>None</c> without one.</param>
/// <param name="Restarts">How often it was requeued.</param>
/// <param name="ExitCode">The exit code; null where it has not ended or was killed.</param>
/// <param name="Comment">What its script said.</param>
internal sealed record SlurmQueueEntry(
    long Job, ImmutableArray<int>? Tasks, SlurmTaskState State, string Word, string Node, string Reason, int Restarts, int? ExitCode, string Comment);

/// <summary>Reads what <c>squeue --json</c> prints: of every version, since members come, go and change their types.</summary>
internal static class SlurmQueue
{
    /// <summary>An array has no more tasks than this.</summary>
    private const int MostTasks = 1 << 20;

    private static readonly string[]
        s_alive = ["RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED"],
        s_waiting = ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"];

    /// <summary>The tasks of arrays; what is no such thing is left out.</summary>
    /// <exception cref="SlurmException">It is no JSON that lists jobs.</exception>
    public static ImmutableArray<SlurmQueueEntry> Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("jobs", out JsonElement jobs) && jobs.ValueKind == JsonValueKind.Array)
                return [.. jobs.EnumerateArray().Select(Entry).OfType<SlurmQueueEntry>()];
        }
        catch (JsonException)
        {
            // The sentence says it.
        }
        throw new SlurmException("squeue --json printed no list of jobs; Slurm 21.08 or later is needed.");
    }

    /// <summary>The indices in <c>0-3,7%2</c>, or in the hexadecimal mask <c>0x9</c>; null where some are left out or it is something else.</summary>
    internal static ImmutableArray<int>? Indices(string text)
    {
        var indices = ImmutableArray.CreateBuilder<int>();
        foreach (string part in text.Split('%')[0].Trim('[', ']').Split(','))
        {
            string[] steps = part.Split(':'), ends = steps[0].Split('-');
            if (ends.Length > 2 || steps.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last)) return null;
            int step = 1;
            if (steps.Length == 2 && (!Number(steps[1], out step) || step == 0)) return null;
            if (last < first || last - first > MostTasks) return null;
            for (int index = first; index <= last; index += step) indices.Add(index);
            if (indices.Count > MostTasks) return null;
        }
        return indices.ToImmutable();

        static bool Number(string digits, out int value) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static SlurmQueueEntry? Entry(JsonElement job)
    {
        if (job.ValueKind != JsonValueKind.Object || Integer(job, "array_job_id") is not (> 0 and { } array)) return null;
        // A task that has a record of its own has an index; those that wait share one record.
        ImmutableArray<int>? tasks = Text(job, "array_task_string") is { Length: > 0 } waiting ? Indices(waiting)
            : Integer(job, "array_task_id") is >= 0 and <= MostTasks and { } index ? [(int)index] : null;
        string[] words = Words(job, "job_state");
        if (words.Length == 0) return null;
        bool isAlive = words.Any(s_alive.Contains), isWaiting = words.Any(s_waiting.Contains);
        string word = words.FirstOrDefault(one => isWaiting ? s_waiting.Contains(one) : isAlive ? s_alive.Contains(one) : true)!;
        SlurmTaskState state = isWaiting ? SlurmTaskState.Pending : isAlive ? SlurmTaskState.Running
            : words.Contains("COMPLETED") ? SlurmTaskState.Completed : SlurmTaskState.Dead;
        return new(array, tasks, state, word, state == SlurmTaskState.Pending ? "" : Text(job, "nodes") ?? "", Text(job, "state_reason") ?? "",
            (int)Math.Clamp(Integer(job, "restart_cnt") ?? 0, 0, int.MaxValue), state == SlurmTaskState.Dead ? ExitCode(job) : null, Text(job, "comment") ?? "");
    }

    /// <summary>A wait status, or an object with the code in parts.</summary>
    private static int? ExitCode(JsonElement job)
    {
        if (!job.TryGetProperty("exit_code", out JsonElement code)) return null;
        if (code.ValueKind == JsonValueKind.Object) return (int?)Integer(code, "return_code");
        return Integer(job, "exit_code") is { } status && (status & 0x7F) == 0 ? (int)((status >> 8) & 0xFF) : null;
    }

    private static string? Text(JsonElement job, string name) =>
        job.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>One word, or a list of them.</summary>
    private static string[] Words(JsonElement job, string name) => !job.TryGetProperty(name, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.String ? value.GetString()!.Split([' ', ',', '+'], StringSplitOptions.RemoveEmptyEntries)
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!)] : [];

    /// <summary>A number, also as text, and as <c>{ "set": true, "infinite": false, "number": 3 }</c>; null where it is none.</summary>
    private static long? Integer(JsonElement job, string name)
    {
        if (!job.TryGetProperty(name, out JsonElement value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out long number) => number,
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
            JsonValueKind.Object when value.TryGetProperty("set", out JsonElement isSet) && isSet.ValueKind == JsonValueKind.False => null,
            JsonValueKind.Object => Integer(value, "number"),
            _ => null,
        };
    }
}
