using System.Collections.Immutable;
using Lottery.Specifications;

namespace Lottery.Studies.Execution;

/// <summary>How many runs fit into memory at once.</summary>
internal sealed class MemoryPlan
{
    /// <summary>Plans some runs.</summary>
    /// <param name="bytes">The memory of the whole process.</param>
    /// <param name="memory">What runs take.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="threads">Threads in all.</param>
    public MemoryPlan(long bytes, RunMemory memory, ImmutableArray<RunSpecification> runs, int threads)
    {
        (Bytes, Shared, Budget) = (bytes, memory.Shared, new(Math.Max(0, bytes - memory.Shared), memory.Of) { Shared = memory.Shared });
        Largest = runs.IsEmpty ? null : runs.MaxBy(run => memory.Of(run, 1));
        LargestBytes = Largest is null ? 0 : memory.Of(Largest, 1);
        AtOnce = (int)Math.Min(Math.Min(threads, runs.Length), LargestBytes == 0 ? int.MaxValue : Budget.Bytes / LargestBytes);
    }

    /// <summary>The memory of the whole process.</summary>
    public long Bytes { get; }

    /// <summary>What the program and the data take.</summary>
    public long Shared { get; }

    /// <summary>What is left for runs.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>The run that takes most; null where there is none.</summary>
    public RunSpecification? Largest { get; }

    /// <summary>What it takes with one thread; 0 where there is none.</summary>
    public long LargestBytes { get; }

    /// <summary>How many runs like it fit at once, at most one a thread; 0 if not even one does.</summary>
    public int AtOnce { get; }

    /// <summary>Whether it is memory that limits the runs at once.</summary>
    /// <param name="runs">The runs that there are.</param>
    /// <param name="threads">Threads in all.</param>
    public bool IsShort(int runs, int threads) => AtOnce < Math.Min(runs, threads);
}
