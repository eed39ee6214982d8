using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>Completes many runs on some threads, each run after the one that it comes from.</summary>
/// <remarks>
/// A run has one thread, or more where its network has convolutions and there are threads that no other run could use.
/// Where several runs could be next, the one with the longest chain of runs behind it is, so that the threads stay busy
/// to the end: tickets before controls, shallow (slow) levels before deep ones, then the order in which they are given.
/// </remarks>
public sealed class RunExecutor
{
    /// <summary>Told before a run begins, from its thread. Handlers must not throw.</summary>
    public Action<RunSpecification> Started { get; init; } = _ => { };

    /// <summary>Told when a run is finished, or was before, from its thread.</summary>
    public Action<RunResult> Finished { get; init; } = _ => { };

    /// <summary>Told when a run fails, from its thread; what comes from it is skipped, the others go on.</summary>
    public Action<RunSpecification, Exception> Failed { get; init; } = (_, _) => { };

    /// <summary>
    /// Completes <paramref name="tasks"/>; equal runs are completed once, and a parent that is not among them is left
    /// to the task itself. Returns when nothing is left to do or, soon after <paramref name="cancellationToken"/>, to stop.
    /// </summary>
    /// <param name="tasks">The runs.</param>
    /// <param name="jobs">Threads, 1 or more.</param>
    /// <param name="cancellationToken">Stops the runs under way, which keep their places, and begins no other.</param>
    /// <returns>One outcome a run, in the order of <paramref name="tasks"/>.</returns>
    public ImmutableArray<RunOutcome> Run(
        IEnumerable<RunTask> tasks, int jobs, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobs);
        var queue = new RunQueue(tasks, jobs);
        using CancellationTokenRegistration stop = cancellationToken.Register(queue.Close);
        Thread[] threads = [.. Enumerable.Range(1, Math.Min(jobs, Math.Max(1, queue.Count)))
            .Select(job => new Thread(() => Work(queue, cancellationToken)) { Name = $"run {job}" })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        return queue.Outcomes;
    }

    private void Work(RunQueue queue, CancellationToken cancellationToken)
    {
        while (queue.Take() is { } node)
        {
            try
            {
                Started(node.Task.Run);
                Finished(node.Task.Search.Complete(node.Task.Run, node.Threads, cancellationToken));
                queue.Settle(node, RunState.Finished, null);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                queue.Settle(node, RunState.Cancelled, null);
            }
            catch (Exception failure)
            {
                Failed(node.Task.Run, failure);
                queue.Settle(node, RunState.Failed, failure);
            }
        }
    }
}
