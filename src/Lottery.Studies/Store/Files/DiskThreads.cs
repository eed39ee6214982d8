using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Lottery.Studies.Store.Files;

/// <summary>Threads that wait for the disk at the same time: a file system writes down once what all of them wait for.</summary>
internal static class DiskThreads
{
    private const int Most = 8;

    private static readonly Lazy<BlockingCollection<Action>> s_work = new(Start);

    /// <summary>Does several things that wait for the disk, and returns when all are done.</summary>
    /// <param name="waits">The first is done on this thread.</param>
    public static void Run(IReadOnlyList<Action> waits)
    {
        var failures = new Exception?[waits.Count];
        using var done = new CountdownEvent(waits.Count);
        for (int i = 1; i < waits.Count; i++)
        {
            int at = i;
            s_work.Value.Add(() => Try(at));
        }
        if (waits.Count > 0) Try(0);
        done.Wait();
        if (Array.Find(failures, failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);

        void Try(int at)
        {
            try
            {
                waits[at]();
            }
            catch (Exception failure)
            {
                failures[at] = failure;
            }
            finally
            {
                done.Signal();
            }
        }
    }

    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>();
        for (int i = 1; i <= Most; i++)
            new Thread(() =>
            {
                foreach (Action wait in work.GetConsumingEnumerable()) wait();
            }) { Name = $"disk {i}", IsBackground = true }.Start();
        return work;
    }
}
