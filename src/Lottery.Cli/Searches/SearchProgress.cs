using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Cli.Searches;

/// <summary>The progress of a search: written by the training threads, read by the one that shows it.</summary>
/// <param name="plan">All runs of the search.</param>
/// <param name="cost">A run's length in any unit.</param>
/// <param name="time">The clock.</param>
internal sealed class SearchProgress(
    ImmutableArray<RunSpecification> plan, Func<RunSpecification, double> cost, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(15);
    private readonly Lock _lock = new();
    private readonly Dictionary<RunSpecification, RunProgress> _active = new(ReferenceEqualityComparer.Instance);
    private readonly List<Done> _done = [];
    private readonly List<RunProgress> _resumed = [];
    private readonly List<Failure> _failed = [];
    private readonly Queue<Moment> _history = [];
    private readonly long _start = time.GetTimestamp();
    private double _costLeft = plan.Sum(cost), _costDone;
    private long _stepsDone;

    /// <summary>All runs of the search.</summary>
    public ImmutableArray<RunSpecification> Plan { get; } = plan;

    /// <summary>A run has done more steps.</summary>
    public void Advance(RunProgress progress)
    {
        lock (_lock)
        {
            if (!_active.ContainsKey(progress.Run) && progress.Step > progress.Run.FirstStep) _resumed.Add(progress);
            MoveTo(progress.Run, progress.Step);
            _active[progress.Run] = progress;
        }
    }

    /// <summary>A run is finished.</summary>
    public void Finish(RunResult result) => Finish(result.Specification, result.Mask.Density, result.Accuracy, result.EarlyStopStep);

    /// <summary>A run is finished that another process trained.</summary>
    /// <param name="run">The run, as it is in the plan.</param>
    /// <param name="density">As in <see cref="Done"/>.</param>
    /// <param name="accuracy">As in <see cref="Done"/>.</param>
    /// <param name="earlyStopStep">As in <see cref="Done"/>.</param>
    public void Finish(RunSpecification run, double density, double accuracy, int earlyStopStep)
    {
        lock (_lock)
        {
            MoveTo(run, run.Training.Steps);
            _active.Remove(run);
            _done.Add(new(run, density, accuracy, earlyStopStep));
        }
    }

    /// <summary>A run failed, or is skipped because a run that it comes from did: it takes no more time.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reason">Why it failed; null for a run that is skipped.</param>
    public void Drop(RunSpecification run, string? reason)
    {
        lock (_lock)
        {
            _active.Remove(run, out RunProgress? last);
            _costLeft -= run.Training.Steps == 0 ? cost(run) : cost(run) * (1 - (double)(last?.Step ?? 0) / run.Training.Steps);
            _failed.Add(new(run, reason));
        }
    }

    /// <summary>The progress now.</summary>
    public Snapshot Now()
    {
        lock (_lock)
        {
            var now = new Moment(time.GetTimestamp(), _stepsDone, _costDone);
            _history.Enqueue(now);
            while (_history.Count > 2 && time.GetElapsedTime(_history.Peek().Time, now.Time) > s_window) _history.Dequeue();
            Moment then = _history.Peek();
            double seconds = time.GetElapsedTime(then.Time, now.Time).TotalSeconds, pace = (now.Cost - then.Cost) / seconds;
            return new(
                [.. _done],
                [.. _failed],
                [.. _resumed],
                [.. _active.Values.OrderBy(run => run.Run.Seed).ThenBy(run => run.Run.Level).ThenBy(run => run.Run.Control)],
                time.GetElapsedTime(_start, now.Time).TotalSeconds,
                seconds > 0 ? (now.Steps - then.Steps) / seconds : 0,
                seconds >= 1 && pace > 0 ? Math.Max(0, _costLeft / pace) : null);
        }
    }

    private void MoveTo(RunSpecification run, int step)
    {
        int steps = step - (_active.TryGetValue(run, out RunProgress? last) ? last.Step : 0);
        double part = run.Training.Steps == 0 ? cost(run) : cost(run) * steps / run.Training.Steps;
        _costLeft -= part;
        // The first report of a run is where it resumes: steps of an earlier session are not the pace of this one.
        if (last is null && step < run.Training.Steps) return;
        _stepsDone += steps;
        _costDone += part;
    }

    /// <summary>A finished run.</summary>
    internal sealed record Done(RunSpecification Run, double Density, double Accuracy, int EarlyStopStep);

    /// <summary>A run that failed, or that was skipped because a run that it comes from failed.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Reason">Why it failed; null for a run that was skipped.</param>
    internal sealed record Failure(RunSpecification Run, string? Reason);

    /// <summary>One moment of a search.</summary>
    /// <param name="Finished">The finished runs, in the order in which they finished.</param>
    /// <param name="Failed">The runs that failed or were skipped, in that order.</param>
    /// <param name="Resumed">The runs that resumed from a checkpoint, as they were then.</param>
    /// <param name="Active">The active runs.</param>
    /// <param name="Elapsed">Seconds since the start.</param>
    /// <param name="StepsPerSecond">Steps a second of all threads, over the last seconds.</param>
    /// <param name="SecondsLeft">Seconds to the end, by the pace of the last seconds; null before there is any.</param>
    internal sealed record Snapshot(
        ImmutableArray<Done> Finished, ImmutableArray<Failure> Failed, ImmutableArray<RunProgress> Resumed, ImmutableArray<RunProgress> Active,
        double Elapsed, double StepsPerSecond, double? SecondsLeft);

    private readonly record struct Moment(long Time, long Steps, double Cost);
}
