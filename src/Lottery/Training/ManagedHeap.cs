namespace Lottery.Training;

/// <summary>
/// Collects what large arrays leave behind, and gives it back to the system: copies of weights live for moments, and the runtime would
/// let many of them wait until there are several times as many bytes as are in use.
/// </summary>
internal static class ManagedHeap
{
    /// <summary>What is allocated between two collections where networks are small.</summary>
    internal const long Least = 24_000_000;

    private static long s_collected;

    /// <summary>Collects if more than some copies of large arrays, or many small ones, were allocated since the last time.</summary>
    /// <param name="bytes">One copy, for example of the weights of a network.</param>
    public static void Relieve(long bytes)
    {
        const int Copies = 4;
        long now = GC.GetTotalAllocatedBytes(), before = Volatile.Read(ref s_collected);
        if (now - before < Math.Max(Least, Copies * bytes) || Interlocked.CompareExchange(ref s_collected, now, before) != before) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Collects what reading data sets left behind, and gives it back to the system.</summary>
    public static void Release()
    {
        Volatile.Write(ref s_collected, GC.GetTotalAllocatedBytes());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
