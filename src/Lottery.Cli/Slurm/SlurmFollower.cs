using System.Collections.Immutable;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Cli.Studies;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Cli.Slurm;

/// <summary>Shows a study on Slurm as if its runs were trained here, from what the store and the queue say, and has mended what Slurm does not mend.</summary>
internal sealed class SlurmFollower : IDisposable
{
    private static readonly TimeSpan s_glance = TimeSpan.FromSeconds(1);
    private readonly Terminal _terminal;
    private readonly SlurmStudy _study;
    private readonly StudyWork _work;
    private readonly ActiveJobSession _job;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<string, RunSpecification> _missing;
    private readonly HashSet<string> _shown = [], _begun = [], _dropped = [];
    private readonly SearchProgress _progress;
    private readonly CancellationTokenSource _ended = new();
    private volatile SlurmActivity _activity = SlurmActivity.None;
    private HashSet<string>? _finished;
    private string? _trouble;
    private long _answered;

    /// <summary>Follows a study.</summary>
    public SlurmFollower(Terminal terminal, SlurmStudy study, StudyWork work, ActiveJobSession job, SlurmSettings settings)
    {
        (_terminal, _study, _work, _job, _interval) = (terminal, study, work, job, TimeSpan.FromSeconds(settings.PollSeconds));
        _missing = work.Missing.ToDictionary(task => RunIdentity.Of(task.Run), task => task.Run);
        _progress = new([.. work.Missing.Select(task => task.Run)], work.Cost, _time);
        _answered = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Dispose();

    /// <summary>Shows the study until it has ended, was cancelled, or this command is stopped.</summary>
    /// <returns>The error about runs that failed; null if all are finished.</returns>
    /// <exception cref="StoppedException">It goes on without this command, or was cancelled.</exception>
    public UserException? Follow()
    {
        var following = Task.Factory.StartNew(Loop, TaskCreationOptions.LongRunning);
        var slurm = new SlurmNotes(() => _activity.Line, run => _activity.NodeOf.GetValueOrDefault(RunIdentity.Of(run)));
        if (_terminal.Watched) LiveView.Follow(_progress, LiveCell.Of(_work), following, _terminal, slurm);
        else PlainView.Follow(_progress, following, _terminal);
        string name = _study.State.Study;
        if (!following.IsCompleted || _terminal.Interruption.Token.IsCancellationRequested)
            throw new StoppedException($"stopped watching with {_shown.Count} of {_missing.Count} runs done; {name} goes on on Slurm: `lottery study attach {name}` shows it, and `lottery study cancel {name}` cancels it.");
        if (!following.GetAwaiter().GetResult())
            throw new StoppedException($"{name} was cancelled by another process with {_shown.Count} of {_missing.Count} runs done; what is done is kept.");
        IReadOnlySet<string> finished = Finished();
        ImmutableDictionary<string, string> lost = _study.Lost(finished);
        foreach ((string id, string cause) in lost)
            if (id != cause) StudyRunner.Note(() => _work.Store.Skip(_missing[id], cause, $"It comes from run {RunIdentity.Short(cause)}, which failed: {Reason(cause)}"));
        if (_job.Owns()) SlurmStudy.Remove(_study.Paths);
        return RunFailures.Of(_work.Plan, [.. _work.Missing.Select(task => Outcome(task.Run, lost))]);
    }

    private RunOutcome Outcome(RunSpecification run, ImmutableDictionary<string, string> lost)
    {
        string id = RunIdentity.Of(run);
        return !lost.TryGetValue(id, out string? cause) ? new(run, id, RunState.Finished, null)
            : cause == id ? new(run, id, RunState.Failed, new WorkFailedException(Reason(id)))
            : new(run, id, RunState.Skipped, null);
    }

    /// <summary>Why a run was given up.</summary>
    private string Reason(string id) => RunFailure.Read(_work.Store.Paths.Failure(id)) is { } failure
        ? $"{failure.Reason!.TrimEnd('.')} ({NumberFormat.Counted(failure.Attempts, "attempt")})." : "its failure is not recorded any more.";

    /// <summary>Looks at store and queue until nothing is left to be trained.</summary>
    /// <returns>False if the study was cancelled.</returns>
    private bool Loop()
    {
        CancellationToken stop = _terminal.Interruption.Token;
        long next = _time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            _finished = null;
            if (_time.GetTimestamp() >= next)
            {
                if (!Ask()) return false;
                next = _time.GetTimestamp() + (long)(_interval.TotalSeconds * _time.TimestampFrequency);
            }
            IReadOnlySet<string> finished = Finished();
            Show(finished);
            ImmutableDictionary<string, string> lost = _study.Lost(finished);
            foreach ((string id, string cause) in lost)
                if (_dropped.Add(id)) _progress.Drop(_missing[id], id == cause ? Reason(id) : null);
            if (_missing.Keys.All(id => finished.Contains(id) || lost.ContainsKey(id))) return true;
            stop.WaitHandle.WaitOne(_interval < s_glance ? _interval : s_glance);
        }
        return true;
    }

    /// <summary>Asks Slurm; while it does not answer, the store alone is shown.</summary>
    /// <returns>False if the study was cancelled.</returns>
    private bool Ask()
    {
        try
        {
            if (_study.Look(_job.Owns(), Finished) is not { } activity)
                // Whoever ended it may have seen its last run first.
                return _missing.Keys.All(Finished().Contains);
            if (_trouble is not null) _terminal.Say("Slurm answers again.");
            (_activity, _trouble, _answered) = (activity, null, _time.GetTimestamp());
        }
        catch (SlurmException trouble)
        {
            // Ctrl-C in a terminal stops squeue, too.
            if (_terminal.Interruption.Token.IsCancellationRequested) return true;
            if (_trouble is null) _terminal.Say($"{trouble.Message} What the store knows is shown meanwhile.");
            _trouble = trouble.Message;
            _activity = _activity with { Trouble = $"no answer for {NumberFormat.Duration(_time.GetElapsedTime(_answered).TotalSeconds)}" };
        }
        return true;
    }

    /// <summary>The ids of finished runs, listed once a look, after the queue was read: of 100,000 runs on a network file system that takes seconds.</summary>
    private HashSet<string> Finished() => _finished ??= [.. StoreFolder.NamesIn(_work.Store.Paths.Runs)];

    /// <summary>Shows runs that are new since the last look, and how far the others are.</summary>
    private void Show(IReadOnlySet<string> finished)
    {
        foreach ((string id, RunSpecification run) in _missing)
        {
            if (!finished.Contains(id) || !_shown.Add(id)) continue;
            try
            {
                RunSummary summary = _work.Store.Summary(id);
                _progress.Finish(run, summary.Density, summary.Accuracy, summary.EarlyStopStep);
            }
            catch (UserException unreadable)
            {
                _terminal.SayOnce(unreadable.Message);
            }
        }
        foreach (ActiveRun active in _work.Store.ListActive())
        {
            if (!active.Running || !_missing.TryGetValue(active.Id, out RunSpecification? run) || _shown.Contains(active.Id)) continue;
            // That the worker is ahead when it is seen first does not mean that it resumed.
            if (_begun.Add(active.Id)) _progress.Advance(new(run, run.FirstStep, null));
            _progress.Advance(new(run, active.Step, active.Latest));
        }
    }
}
