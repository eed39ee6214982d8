using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>Completes runs on a number of threads, each run after its parent.</summary>
/// <remarks>
/// A run has one thread, or more where its network has convolutions and no other run can use the threads. Of the runs that
/// are ready, the one with the most levels below it is next, which keeps all threads busy to the end; then tickets before
/// controls, shallow (slow) levels before deep ones, and the order of the tasks.
/// </remarks>
internal sealed class RunExecutor
{
    /// <summary>Called before a run begins, on its thread. Handlers must not throw.</summary>
    public Action<RunSpecification> Started { get; init; } = _ => { };

    /// <summary>Called with the result of each run, on its thread, also where it was finished before.</summary>
    public Action<RunResult> Finished { get; init; } = _ => { };

    /// <summary>Called when a run fails, on its thread; runs that descend from it are skipped, the others continue.</summary>
    public Action<RunSpecification, Exception> Failed { get; init; } = (_, _) => { };

    /// <summary>
    /// Completes <paramref name="tasks"/>; equal runs are completed once, and a parent that is not among them is completed
    /// by the task itself. Returns when every run is settled or, soon after <paramref name="cancellationToken"/>, when all threads have stopped.
    /// </summary>
    /// <param name="tasks">The runs.</param>
    /// <param name="jobs">Threads, 1 or more.</param>
    /// <param name="cancellationToken">Stops the active runs, which keep a checkpoint, and begins no other.</param>
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
