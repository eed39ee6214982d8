using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.Studies.Execution;

/// <summary>Completes runs on a number of threads, each run after its parent.</summary>
/// <remarks>
/// A run has one thread, or more where no other run can use the threads: for operations on images, or a second one that evaluates. Of the
/// runs that are ready, the one with the most levels below it is next, which keeps all threads busy to the end; then tickets before
/// controls, shallow (slow) levels before deep ones, and the order of the tasks.
/// </remarks>
internal sealed class RunExecutor
{
    /// <summary>
    /// Where a run is reported when it begins, on the thread that trains it, and when it ends; it must not throw. A finished run is
    /// reported with its result, unless another process finished it; of a failed one the runs that descend from it are reported as
    /// skipped, and the others continue.
    /// </summary>
    public IProgress<RunOutcome>? Progress { get; init; }

    /// <summary>
    /// The writer of the store of all runs, which finishes a run while its thread trains the next one: what comes from the run may begin
    /// then, and the run is finished when it is on the disk. Without one, a thread waits for that.
    /// </summary>
    public RunWriter? Writer { get; init; }

    /// <summary>The memory for runs: those that do not fit beside the active ones wait; null for no limit.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>
    /// Claims a run for this process, until the result is disposed of; null while another process has it: then the others are next, and
    /// it is tried again later. Without it, a thread waits for the other process.
    /// </summary>
    public Func<RunSpecification, IDisposable?>? Reserve { get; init; }

    /// <summary>
    /// Whether a run is finished, which another process may have done meanwhile: then it is not read, and is reported without its
    /// result. Without this, the search finds out.
    /// </summary>
    public Func<RunSpecification, bool>? IsFinished { get; init; }

    /// <summary>Called once, when other processes have all the runs that are ready, so that this one waits for them.</summary>
    public Action? Waiting { get; init; }

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
        var queue = new RunQueue(tasks, jobs, Memory) { Waiting = Waiting };
        using CancellationTokenRegistration stop = cancellationToken.Register(queue.Close);
        Thread[] threads = [.. Enumerable.Range(1, Math.Min(jobs, Math.Max(1, queue.Count)))
            .Select(job => new Thread(() => Work(queue, cancellationToken)) { Name = $"run {job}" })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Writer?.Drain();
        if (Memory is { } memory) DebugLog.Write("memory", $"expected at most {memory.Shared + queue.MostBytes} bytes");
        return queue.Outcomes;
    }

    private void Work(RunQueue queue, CancellationToken cancellationToken)
    {
        while (queue.Take() is { } node)
        {
            try
            {
                if (IsFinished?.Invoke(node.Task.Run) == true)
                {
                    End(queue, node, null, RunEnd.Written);
                    continue;
                }
                using IDisposable? reserved = Reserve?.Invoke(node.Task.Run);
                if (Reserve is not null && reserved is null)
                {
                    PutBack(queue, node);
                    continue;
                }
                Progress?.Report(node.Outcome with { State = RunState.Active });
                RunResult result = Complete(node, cancellationToken);
                if (Writer is null) End(queue, node, result, RunEnd.Written);
                else
                {
                    queue.Trained(node);
                    Writer.WhenWritten(node.Id, end => End(queue, node, result, end));
                }
                ManagedHeap.Relieve(node.Task.Run.Network.WeightBytes);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                queue.Settle(node, RunState.Cancelled, null);
            }
            catch (Exception failure)
            {
                End(queue, node, null, new(false, failure));
            }
        }
    }

    /// <summary>A run whose device fails goes on from its checkpoint, once, where the device then begins it.</summary>
    private static RunResult Complete(RunQueue.Node node, CancellationToken cancellationToken)
    {
        try
        {
            return node.Task.Search.Complete(node.Task.Run, node.Threads, cancellationToken);
        }
        catch (TrainingDeviceException)
        {
            return node.Task.Search.Complete(node.Task.Run, node.Threads, cancellationToken);
        }
    }

    private void End(RunQueue queue, RunQueue.Node node, RunResult? result, RunEnd end)
    {
        if (end.IsWritten)
        {
            Progress?.Report(node.Outcome with { State = RunState.Finished, Result = result });
            queue.Settle(node, RunState.Finished, null);
        }
        else if (end.Failure is { } failure)
            foreach (RunOutcome outcome in queue.Settle(node, RunState.Failed, failure)) Progress?.Report(outcome);
        else PutBack(queue, node);
    }

    private void PutBack(RunQueue queue, RunQueue.Node node)
    {
        foreach (RunOutcome skipped in queue.PutBack(node)) Progress?.Report(skipped);
    }
}
