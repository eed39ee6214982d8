using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>Work on many items on all processors, with results in order.</summary>
internal static class InParallel
{
    private const int MostOfPart = 512;

    /// <summary>The results of all items; of several failures the first is thrown. Unlike a parallel query, it goes on where no other thread of the pool is free, as in a server.</summary>
    public static TRead[] Each<T, TRead>(IReadOnlyList<T> all, Func<T, TRead> read)
    {
        var results = new TRead[all.Count];
        if (results.Length == 0) return results;
        int part = Math.Clamp(results.Length / (4 * Environment.ProcessorCount), 1, MostOfPart);
        try
        {
            Parallel.ForEach(Partitioner.Create(0, results.Length, part), range =>
            {
                for (int i = range.Item1; i < range.Item2; i++) results[i] = read(all[i]);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        return results;
    }
}
