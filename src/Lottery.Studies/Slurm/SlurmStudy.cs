using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Slurm;

/// <summary>A study on Slurm, as the process that follows it sees it: submits its runs, and again those whose tasks ended without them.</summary>
internal sealed class SlurmStudy
{
    /// <summary>A run that failed so often, by itself or by the end of its worker, is given up.</summary>
    public const int MostFailures = 3;

    private const int MostOfLog = 1 << 24;

    /// <summary>A worker's request was wrong, or its program or store were not there: every other worker's will be.</summary>
    private static readonly int[] s_hopeless = [2, 3, 126, 127];

    /// <summary>Reasons to wait that do not pass by themselves: sites that check limits only when a job could start take every job.</summary>
    private static readonly string[] s_refusals =
        ["AccountNotAllowed", "InvalidAccount", "QOSNotAllowed", "InvalidQOS", "PartitionTimeLimit", "PartitionNodeLimit", "BadConstraints"];

    private readonly RunStore _store;
    private readonly ISlurm _slurm;
    private readonly ImmutableArray<SlurmRun> _runs;
    private readonly Func<SlurmState, SlurmScript> _script;
    private readonly SlurmSettings _settings;
    private readonly Dictionary<(int, int), int> _restarts = [];
    private readonly Dictionary<string, int> _attempts = [];
    private readonly HashSet<(int, int)> _held = [];
    private readonly HashSet<string> _refused = [];
    private HashSet<(int, int)> _suspects = [];

    /// <summary>A study whose state is in the job's folder.</summary>
    /// <param name="store">The store.</param>
    /// <param name="job">The name of the job's folder.</param>
    /// <param name="state">The state.</param>
    /// <param name="runs">All runs of the study, each after the one that it comes from.</param>
    /// <param name="script">What its scripts are written by.</param>
    /// <param name="settings">How runs are submitted again: the state's settings with those of the site.</param>
    /// <param name="slurm">Slurm.</param>
    public SlurmStudy(RunStore store, string job, SlurmState state, ImmutableArray<SlurmRun> runs, Func<SlurmState, SlurmScript> script, SlurmSettings settings, ISlurm slurm)
    {
        (_store, State, _runs, _script, _settings, _slurm) = (store, state, runs, script, settings, slurm);
        Paths = PathsOf(store, job);
    }

    /// <summary>What was submitted.</summary>
    public SlurmState State { get; private set; }

    /// <summary>Its files.</summary>
    public SlurmJobPaths Paths { get; }

    /// <summary>Receives a sentence for each thing that happened to a task.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>What a job's folder has of a study on Slurm.</summary>
    public static SlurmJobPaths PathsOf(RunStore store, string job) => new(Path.GetFullPath(store.Paths.Job(job)));

    /// <summary>The jobs of studies on Slurm, the newest first.</summary>
    public static ImmutableArray<(string Job, SlurmState State)> All(RunStore store) =>
    [
        .. StoreFolder.NamesIn(store.Paths.Jobs).Select(job => (Job: job, State: SlurmState.Read(PathsOf(store, job))))
            .Where(one => one.State is not null).Select(one => (one.Job, one.State!)).OrderByDescending(one => one.Item2.Started),
    ];

    /// <summary>The arrays of runs.</summary>
    public static ImmutableArray<SlurmArray> Plan(IReadOnlyList<SlurmRun> runs, SlurmSettings settings, int first, int most) =>
        SlurmArray.Of(SlurmPlanner.Plan([.. runs.Select(run => run with { Seconds = run.Seconds / settings.Cores })], settings.Target), first, most);

    /// <summary>A new mark for jobs in Slurm's queue.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>Puts the study's file beside the state, for workers and for whoever attaches, and submits what the state plans.</summary>
    /// <exception cref="UserException">Slurm refuses it; what it had taken is cancelled, and nothing stays.</exception>
    public void Begin(byte[] file)
    {
        try
        {
            StoreErrors.Guard(Paths.Files, () =>
            {
                Directory.CreateDirectory(Paths.Files);
                // Whoever gives the command again wants every run to be tried again.
                foreach (string id in StoreFolder.NamesIn(_store.Paths.Active).Intersect(_runs.Select(run => run.Id))) StoreFolder.RemoveFile(_store.Paths.Failure(id));
                DurableFile.Replace(Paths.Study, file);
            });
            State.Write(Paths);
            Submit();
        }
        catch (UserException)
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Looks at the queue, and submits again what has no task any more.</summary>
    /// <param name="mends">False for a process that only looks, since another one follows the study.</param>
    /// <param name="readFinished">Reads the ids of finished runs, after the queue was read.</param>
    /// <returns>What Slurm does; null if another process has cancelled the study or seen its end.</returns>
    /// <exception cref="SlurmException">Slurm does not answer, or refuses what has to be submitted again.</exception>
    /// <exception cref="UserException">The tasks cannot work; the sentence is the worker's.</exception>
    public SlurmActivity? Look(bool mends, Func<IReadOnlySet<string>> readFinished)
    {
        if (SlurmState.Read(Paths) is not { } read) return null;
        State = read;
        ImmutableArray<SlurmQueueEntry> queue = _slurm.Queue(State.User);
        if (mends) Adopt(queue);
        SlurmTaskView[] tasks = [.. SlurmTaskView.Of(State, queue)];
        foreach (SlurmTaskView task in tasks) Tell(task);
        if (mends) Mend(tasks, readFinished());
        return SlurmActivity.Of(State, queue);
    }

    /// <summary>Records that a run failed.</summary>
    public required Action<string, string> Fail { get; init; }

    /// <summary>The runs that are not finished and will not be: those that failed too often, and all that come from them, each with the id of the one that failed.</summary>
    public ImmutableDictionary<string, string> Lost(IReadOnlySet<string> finished)
    {
        var lost = ImmutableDictionary.CreateBuilder<string, string>();
        HashSet<string> begun = [.. StoreFolder.NamesIn(_store.Paths.Active)];
        // Parents come first.
        foreach (SlurmRun run in _runs.Where(run => !finished.Contains(run.Id)))
            if (run.Parent is { } parent && lost.TryGetValue(parent, out string? cause)) lost.Add(run.Id, cause);
            else if (begun.Contains(run.Id) && IsGivenUp(_store, run.Id)) lost.Add(run.Id, run.Id);
        return lost.ToImmutable();
    }

    /// <summary>Whether a run has failed too often.</summary>
    public static bool IsGivenUp(RunStore store, string id) => RunFailure.Read(store.Paths.Failure(id)) is { IsSkipped: false, Attempts: >= MostFailures };

    /// <summary>Cancels all jobs and removes the state; runs and checkpoints stay.</summary>
    /// <exception cref="UserException">Slurm does not answer; nothing has changed then.</exception>
    public static void Cancel(SlurmJobPaths paths, SlurmState state, ISlurm slurm)
    {
        // A job whose number was not kept is found by its mark.
        IEnumerable<long> unknown = state.Arrays.All(array => array.Job is not null) ? []
            : slurm.Queue(state.User).Where(entry => state.Arrays.Any(array => entry.Comment == SlurmScript.Comment(state.Token, array.Number))).Select(entry => entry.Job);
        slurm.Cancel([.. state.Jobs.Concat(unknown).Distinct()]);
        Remove(paths);
    }

    /// <summary>Removes the state and the files of the tasks.</summary>
    public static void Remove(SlurmJobPaths paths)
    {
        const int Attempts = 40;
        StoreErrors.Guard(paths.State, () => StoreFolder.RemoveFile(paths.State));
        // A worker that is being cancelled may still write its log. What is left then goes with the job's folder.
        for (int attempt = 0; attempt < Attempts; attempt++, Thread.Sleep(50))
            try
            {
                StoreFolder.Remove(paths.Files);
                return;
            }
            catch (IOException)
            {
                // Another attempt follows.
            }
    }

    /// <summary>The last sentence of a task's log; null where it has none.</summary>
    public static string? LastLine(SlurmJobPaths paths, int array, int index)
    {
        try
        {
            string[] lines = Encoding.UTF8.GetString(RegularFile.Read(paths.Log(array, index), MostOfLog)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.LastOrDefault(line => line.StartsWith("lottery: ", StringComparison.Ordinal))?["lottery: ".Length..] ?? lines.LastOrDefault();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Submits what is not submitted yet, each array after the one that it waits for; the state is written after each, so that none is lost.</summary>
    private void Submit()
    {
        SlurmScript script = _script(State);
        foreach (SlurmArray array in State.Arrays.Where(array => array.Job is null))
        {
            StoreErrors.Guard(Paths.Files, () =>
            {
                foreach (SlurmArrayTask task in array.Tasks) new SlurmTaskFile(State.Study, task.Runs).Write(Paths.Task(array.Number, task.Index));
                DurableFile.Replace(Paths.Script(array.Number), Encoding.UTF8.GetBytes(script.Write(array, _settings)));
            });
            long job = _slurm.Submit(Paths.Script(array.Number), array.After is { } after ? State.Arrays[after].Job : null);
            State = State with { Arrays = State.Arrays.SetItem(array.Number, array with { Job = job }) };
            State.Write(Paths);
        }
    }

    /// <summary>After a process was killed between submitting an array and writing its number: the queue knows it by its mark.</summary>
    private void Adopt(ImmutableArray<SlurmQueueEntry> queue)
    {
        if (State.Arrays.All(array => array.Job is not null)) return;
        State = State with
        {
            Arrays =
            [
                .. State.Arrays.Select(array => array.Job is not null ? array
                    : array with { Job = queue.FirstOrDefault(entry => entry.Comment == SlurmScript.Comment(State.Token, array.Number))?.Job }),
            ],
        };
        State.Write(Paths);
        Submit();
    }

    private void Tell(SlurmTaskView task)
    {
        if (task.Entry is not { } entry) return;
        var key = (task.Array.Number, task.Task.Index);
        if (entry.Restarts > _restarts.GetValueOrDefault(key))
            Say($"Task {Name(task)} was requeued{(entry.Reason is "" or "None" ? "" : $" ({entry.Reason})")}; its runs go on from their checkpoints.");
        _restarts[key] = entry.Restarts;
        if (entry.State == SlurmTaskState.Pending && entry.Reason.Contains("held", StringComparison.OrdinalIgnoreCase) && _held.Add(key))
            Say($"Slurm holds task {Name(task)} back ({entry.Reason}): `scontrol release {Name(task)}` lets it go on.");
        if (entry.State == SlurmTaskState.Pending && s_refusals.Contains(entry.Reason) && _refused.Add(entry.Reason))
            Say($"Slurm starts task {Name(task)} only when the site's settings change ({entry.Reason}): `lottery study cancel {State.Study}` takes the study back, and another --partition, --account or --time may do.");
    }

    /// <summary>Submits again the runs that no task will finish.</summary>
    private void Mend(SlurmTaskView[] tasks, IReadOnlySet<string> finished)
    {
        HashSet<string> lost = [.. Lost(finished).Keys];
        bool IsLeft(string id) => !finished.Contains(id) && !lost.Contains(id);
        SlurmTaskView[] ended = [.. tasks.Where(task => !task.IsLive && task.Task.Runs.Any(IsLeft))];
        // The store may show a run a moment after the queue shows its task's end, so that a task counts as ended when it was seen twice.
        SlurmTaskView[] dead = [.. ended.Where(task => _suspects.Contains((task.Array.Number, task.Task.Index)))];
        _suspects = [.. ended.Except(dead).Select(task => (task.Array.Number, task.Task.Index))];
        foreach (SlurmTaskView task in dead) Settle(task, finished, IsLeft);
        if (dead.Length > 0)
        {
            State.Write(Paths);
            lost = [.. Lost(finished).Keys];
        }
        HashSet<string> underway = [.. State.Tasks.Where(task => !task.Task.IsSettled).SelectMany(task => task.Task.Runs)], orphans = [];
        foreach (SlurmRun run in _runs)
            if (IsLeft(run.Id) && !underway.Contains(run.Id) && (run.Parent is not { } parent || finished.Contains(parent) || orphans.Contains(parent) || _runs.All(other => other.Id != parent)))
                orphans.Add(run.Id);
        if (orphans.Count == 0) return;
        int most = State.Arrays.Max(array => array.Tasks.Length);
        ImmutableArray<SlurmArray> arrays = Plan([.. _runs.Where(run => orphans.Contains(run.Id))], _settings, State.Arrays.Length, Math.Max(most, 1));
        Say($"{orphans.Count.ToString(CultureInfo.InvariantCulture)} run{(orphans.Count == 1 ? "" : "s")} had no task any more and {(orphans.Count == 1 ? "is" : "are")} submitted again.");
        State = State with { Arrays = State.Arrays.AddRange(arrays) };
        State.Write(Paths);
        Submit();
    }

    /// <summary>Sees to a task that ended without all of its runs: whose fault it is, and whether that run is given up.</summary>
    private void Settle(SlurmTaskView task, IReadOnlySet<string> finished, Func<string, bool> isLeft)
    {
        int place = task.Array.Tasks.IndexOf(task.Task);
        SlurmArray array = State.Arrays[task.Array.Number];
        State = State with { Arrays = State.Arrays.SetItem(array.Number, array with { Tasks = array.Tasks.SetItem(place, task.Task with { IsSettled = true }) }) };
        // Slurm cancels what waits for a task that failed: that task never began.
        bool began = task.Entry is not { Word: "CANCELLED", Node: "" };
        if (!began) return;
        string? said = LastLine(Paths, task.Array.Number, task.Task.Index);
        if (task.Entry?.ExitCode is { } code && s_hopeless.Contains(code))
        {
            Abandon();
            throw new UserException($"The workers on Slurm cannot train {State.Study} ({said ?? $"task {Name(task)} ended with exit code {code} and said nothing: is {Paths.Folder} visible on the nodes?"}); its other jobs were cancelled, and nothing is lost.");
        }
        string how = task.Entry is null ? "left Slurm's queue" : $"ended as {task.Entry.Word}{(task.Entry.ExitCode is > 0 and { } exit ? $" with exit code {exit}" : "")}{(task.Entry.Node.Length == 0 ? "" : $" on {task.Entry.Node}")}";
        Say($"Task {Name(task)} {how}{(said is null ? "" : $" ({said.TrimEnd('.')})")}.");
        HashSet<string> within = [.. task.Task.Runs];
        string[] heads = [.. _runs.Where(run => within.Contains(run.Id) && isLeft(run.Id) && (run.Parent is not { } parent || finished.Contains(parent) || !isLeft(parent))).Select(run => run.Id)];
        string[] begun = [.. heads.Where(id => Directory.Exists(_store.Paths.ActiveRun(id)))];
        foreach (string id in begun.Length > 0 ? begun : heads[..Math.Min(1, heads.Length)])
        {
            // What the worker itself recorded has said why, and is not counted twice.
            int attempts = Attempts(id);
            if (attempts == _attempts.GetValueOrDefault(id)) Fail(id, $"its task on Slurm {how}{(said is null ? "" : $": {said.TrimEnd('.')}")}");
            _attempts[id] = Attempts(id);
        }
    }

    private int Attempts(string id) => RunFailure.Read(_store.Paths.Failure(id))?.Attempts ?? 0;

    private void Abandon()
    {
        try
        {
            _slurm.Cancel(State.Jobs);
        }
        catch (UserException)
        {
            // What made this necessary is reported; without the controller no job can begin either.
        }
        Remove(Paths);
    }

    private static string Name(SlurmTaskView task) => string.Create(CultureInfo.InvariantCulture, $"{task.Array.Job}_{task.Task.Index}");
}
