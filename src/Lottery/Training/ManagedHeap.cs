namespace Lottery.Training;

/// <summary>
/// Collects what large arrays leave behind, and gives it back to the system: copies of weights live for moments, and the runtime would
/// let many of them wait until there are several times as many bytes as are in use.
/// </summary>
internal static class ManagedHeap
{
    /// <summary>Smaller arrays are left to the runtime.</summary>
    private const long Least = 8_000_000;

    private static long s_collected;

    /// <summary>Collects if more than some copies of large arrays were allocated since the last time.</summary>
    /// <param name="bytes">One copy, for example of the weights of a network.</param>
    public static void Relieve(long bytes)
    {
        const int Copies = 4;
        long now = GC.GetTotalAllocatedBytes(), before = Volatile.Read(ref s_collected);
        if (bytes < Least || now - before < Copies * bytes || Interlocked.CompareExchange(ref s_collected, now, before) != before) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Collects what reading data sets left behind, and gives it back to the system.</summary>
    public static void Release()
    {
        Volatile.Write(ref s_collected, GC.GetTotalAllocatedBytes());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
