using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Actions;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Tables;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Numerics;
using Lottery.Report.Tables;
using Lottery.Search;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Training;

namespace Lottery.Cli.Studies;

/// <summary>Plans a study, trains what the store lacks, shows the progress, and stops on a signal: the work of <c>find</c>, <c>quickstart</c> and <c>study run</c>.</summary>
internal sealed class StudyRunner(Terminal terminal, ParseResult parsed) : IProgress<RunProgress>, IProgress<RunOutcome>
{
    private readonly SelectedDevice _device = new(Common.DeviceOf(parsed), terminal.SayOnce);
    private int _jobs = Common.JobsOf(parsed);
    private readonly bool _json = parsed.GetValue(Common.Json);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private string _title = "";
    private SearchProgress? _progress;
    private RunStore? _records;
    private readonly HashSet<string> _logged = [];
    private RunLog? _log;
    private MemoryPlan? _memory;

    /// <summary>Completes the runs of a job elsewhere than in this process; null to train them here.</summary>
    public Func<StudyWork, ActiveJobSession, UserException?>? Elsewhere { get; init; }

    /// <summary>The command, as it can be given once more; null for the one that was given.</summary>
    public string? Command { get; init; }

    /// <summary>The store; by default the one that the command line names.</summary>
    public string Store { get; init; } = Common.StoreOf(parsed);

    /// <summary>Seconds since the runner was made.</summary>
    public double Seconds => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The plan of a study, compared with the store.</summary>
    /// <exception cref="UserException">The study does not fit its data, or a file is missing.</exception>
    public StudyWork Plan(Study study, Func<string, Dataset>? load = null)
    {
        terminal.Interruption.Watch();
        NativeHeap.ReturnLargeBlocks();
        if (Common.MaxTimeOf(parsed) is { } most) terminal.Interruption.StopAfter(most - TimeProvider.System.GetElapsedTime(_start));
        var work = new StudyWork(study, new(Store) { Warn = terminal.SayOnce }, this, Said, _device);
        ManagedHeap.Release();
        return work;

        Dataset Said(string name)
        {
            Dataset data = (load ?? DataSource.Load)(name);
            terminal.SayNotes(data);
            return data;
        }
    }

    /// <summary>Prints the title, then trains every run that is missing.</summary>
    /// <param name="work">The plan, compared with the store.</param>
    /// <param name="title">The title; empty for work that goes on with what an earlier call began.</param>
    /// <returns>The error about runs that failed, to be thrown when what there is has been shown; null if all are finished.</returns>
    /// <exception cref="UserException">The store cannot be written, or the work was interrupted.</exception>
    public UserException? Train(StudyWork work, string title)
    {
        if (!work.Missing.IsEmpty) RequireStore(work.Store);
        if (Elsewhere is null && !work.Missing.IsEmpty) _device.Open(work.Seconds);
        if (_device.AtOnce is { } many && !Common.AreJobsGiven(parsed)) _jobs = many;
        _memory = work.MemoryPlan(Common.MemoryOf(parsed), _jobs);
        string? few = Elsewhere is not null ? null : MemoryText.Require(_memory, work.Missing.Length, _jobs);
        if (title.Length > 0) _title = title;
        PrintTitle(title);
        if (work.Plan.Searches.Any(search => search.Start.IsFineTuning))
            terminal.Say(work.Plan.Searches.Any(search => search.Mask1 == Mask1.Keep)
                ? "No initial weights given: each level goes on from where the level before ended (fine-tuning)."
                : "No initial weights given: each level begins with the pretrained weights.");
        foreach (string note in work.Plan.Notes) terminal.Say(note);
        if (few is not null) terminal.SayOnce(few);
        if (work.Missing.Any(task => task.Run.Training.Steps > 0))
            foreach (string sentence in ProtocolText.Decisions(work.Plan)) terminal.SayOnce(sentence);
        if (!work.IsPart) AddToStudy(work);
        if (title.Length > 0) Announce(work);
        using RunLog log = new(Common.LogsOf(parsed), work.Plan.Data.Values.DistinctBy(data => data.Sha256).ToDictionary(data => data.Sha256, data => data.Name));
        LogFinished(work, log);
        if (work.Missing.IsEmpty) return null;
        _log = log;
        using ActiveJobSession? job = work.IsPart ? null : work.Store.BeginJob(
            _title, work.Plan.Study.Name, _jobs, work.Plan.Tasks.Select(task => (task.Run, work.Cost(task.Run))), Command ?? Given);
        UserException? failure = Elsewhere is { } elsewhere && job is not null ? elsewhere(work, job) : Complete(work);
        LogFinished(work, log);
        if (failure is null) job?.Complete();
        return failure;
    }

    /// <summary>The command line, as it can be given once more.</summary>
    private string Given => $"{terminal.Hints.Program} {ShellCommand.Write(parsed.Tokens.Select(token => token.Value))}";

    /// <summary>Receives the progress of runs from the searches that complete the tasks.</summary>
    public void Report(RunProgress value)
    {
        _progress!.Advance(value);
        _log?.Add(value.Run, value.Latest);
    }

    /// <summary>Receives what the executor reports of a run: its result, why it failed, or which run failed so that it is skipped.</summary>
    public void Report(RunOutcome value)
    {
        if (value.Result is { } result)
        {
            _progress!.Finish(result);
            _log?.Finish(result);
            lock (_logged) _logged.Add(value.Id);
        }
        else if (value.State == RunState.Finished) Finish(value);
        else if ((value.Failure ?? value.Cause?.Failure) is { } failure)
        {
            string reason = failure.Message.ReplaceLineEndings(" ");
            _progress!.Drop(value.Run, value.Cause is null ? reason : null);
            Note(() =>
            {
                if (value.Cause is { } cause) _records!.Skip(value.Run, cause.Id, $"It comes from run {RunIdentity.Short(cause.Id)}, which failed: {reason}");
                else _records!.Fail(value.Run, reason);
            });
        }
    }

    /// <summary>A run that another process finished: its weights, which are not asked for, are not read.</summary>
    private void Finish(RunOutcome value)
    {
        try
        {
            RunSummary run = _records!.Summary(value.Id);
            _progress!.Finish(value.Run, run.Density, run.Accuracy, run.EarlyStopStep);
        }
        catch (UserException damaged)
        {
            _progress!.Drop(value.Run, damaged.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Runs that were finished before, or by other processes, are logged too: a log is of the whole search.</summary>
    private void LogFinished(StudyWork work, RunLog log)
    {
        if (log.IsEmpty) return;
        foreach (string id in work.Plan.Ids.Where(id => Directory.Exists(work.Store.Paths.Run(id))))
            if (_logged.Add(id)) log.Finish(work.Store.Load(id));
    }

    /// <summary>Finds out before the work starts whether its results can be kept.</summary>
    private void RequireStore(RunStore store)
    {
        try
        {
            store.Create();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(
                $"--store {Store} cannot be used ({exception.Message.TrimEnd('.')}); name a folder that can be written.", exception);
        }
    }

    /// <summary>Of a study that is finished already, the table matters more than its list.</summary>
    private void AddToStudy(StudyWork work)
    {
        if (work.Plan.Study.Name is not { } name) return;
        try
        {
            Study study = work.Plan.Study;
            work.Store.AddToStudy(name, new StudyPart(work.Plan.Axes, work.Plan.ReferenceFirst) { JudgeAt = study.JudgeAt, Margin = study.Margin });
        }
        catch (UserException refusal) when (work.Missing.IsEmpty)
        {
            terminal.Say($"The runs could not be put into the study {name}: {refusal.Message}");
        }
    }

    private void PrintTitle(string title)
    {
        if (title.Length == 0) return;
        if (_json)
        {
            terminal.Say(title);
            return;
        }
        foreach (string line in TextTable.Sentence(title, terminal.Width)) terminal.WriteLine(line);
        terminal.Flush();
    }

    /// <summary>Prints before the work starts how many runs are finished and how long the rest will take.</summary>
    private void Announce(StudyWork work)
    {
        int planned = work.Plan.Tasks.Length;
        string known = work.There == 0 ? "" : $"{work.There} of {planned} runs are there already. ";
        string wait = SearchSummary.About(work.Wait(Math.Min(_jobs, planned))), rest = work.Missing.IsEmpty || _device.AtOnce is not null ? "" : $"{char.ToUpperInvariant(wait[0])}{wait[1..]}, by estimate.";
        if (known + rest is { Length: > 0 } words) terminal.Say(words.TrimEnd());
    }

    private UserException? Complete(StudyWork work)
    {
        ImmutableArray<RunTask> tasks = work.Missing;
        _progress = new([.. tasks.Select(task => task.Run)], work.Cost, TimeProvider.System);
        _records = work.Store;
        // When this ends, for whatever reason, what was trained is in the store.
        using var writer = new RunWriter(work.Store, RunWriter.MostOf(_jobs));
        using ActiveCardSession? card = _device.AtOnce is null ? null : new(work.Store, LookAtCard);
        var executor = new RunExecutor
        {
            Progress = this, Writer = writer, Memory = _memory!.Budget, Reserve = work.Store.Reservations.Reserve, IsFinished = work.Store.Reservations.IsFinished,
            Waiting = () => terminal.SayOnce("Other processes are training the runs that could be next; waiting for them."),
        };
        CancellationToken stop = terminal.Interruption.Token;
        var training = Task.Factory.StartNew(() => executor.Run(tasks, _jobs, stop), TaskCreationOptions.LongRunning);
        // A view that is drawn again and again and lines of a log would cover each other.
        if (terminal.Watched && !DebugLog.IsOn) LiveView.Follow(_progress, LiveCell.Of(work), training, terminal);
        else PlainView.Follow(_progress, training, terminal);
        if (!training.IsCompleted) throw Stopped(_progress.Now().Finished.Length, tasks.Length);
        ImmutableArray<RunOutcome> outcomes = training.GetAwaiter().GetResult();
        RequireNoFault(outcomes);
        return RunFailures.Of(work.Plan, outcomes);
    }

    private ActiveCard? LookAtCard() => _device.Look() is not { } use ? null
        : new(Environment.MachineName, use.Number, use.Name, use.UsedBytes, use.TotalBytes, use.Utilization, [.. use.Runs.Select(RunIdentity.Of)]);

    /// <summary>Records something about a run, if the store can be written.</summary>
    public static void Note(Action record)
    {
        try
        {
            record();
        }
        catch (UserException)
        {
            // The store cannot be written; the command prints the failure itself.
        }
    }

    /// <summary>A run that was stopped, or that failed by a fault of the program, ends the command.</summary>
    private void RequireNoFault(ImmutableArray<RunOutcome> outcomes)
    {
        int finished = outcomes.Count(outcome => outcome.State == RunState.Finished);
        if (outcomes.FirstOrDefault(outcome => outcome is { State: RunState.Failed, Failure: not UserException }) is { Failure: { } fault })
            throw new InvalidOperationException(
                $"{outcomes.Length - finished} of {outcomes.Length} runs failed, the first by {fault.Message}", fault);
        if (outcomes.Any(outcome => outcome.State == RunState.Cancelled)) throw Stopped(finished, outcomes.Length);
    }

    private StoppedException Stopped(int finished, int planned) =>
        new($"stopped{(terminal.Interruption.IsTimeUp ? $" after {NumberFormat.Duration(Common.MaxTimeOf(parsed)!.Value.TotalSeconds)} (--max-hours)" : "")} with {finished} of {planned} runs done; "
            + "all work is kept, and the same command resumes it.");
}
