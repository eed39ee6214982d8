using Lottery.Report.Tables;
using Lottery.Studies.Execution;

namespace Lottery.Cli.Searches;

/// <summary>What commands say about memory.</summary>
internal static class MemoryText
{
    /// <summary>What runs take, and how many fit at once.</summary>
    public static string Of(MemoryPlan memory) => $"Memory: about {NumberFormat.Size(memory.Shared)} for the program and the data, and "
        + $"{Largest(memory)} for the largest run; {(memory.AtOnce == 0 ? "it does not fit" : $"{NumberFormat.Counted(memory.AtOnce, "run")} at once")} in {NumberFormat.Size(memory.Bytes)}.";

    /// <summary>A sentence where memory allows fewer runs at once than there are threads; null where it does not.</summary>
    /// <param name="memory">What fits.</param>
    /// <param name="runs">The runs that are to be trained.</param>
    /// <param name="threads">Threads in all.</param>
    /// <exception cref="UserException">A run does not fit even alone.</exception>
    public static string? Require(MemoryPlan memory, int runs, int threads)
    {
        if (memory.Largest is { } run && memory.AtOnce == 0)
            throw new UserException($"A run of {run.Network.Name} with batches of {run.Training.Batch} needs {Largest(memory)} of memory, and {Free(memory)}: "
                + "use a smaller batch or a smaller network, or allow more with --memory.");
        return !memory.IsShort(runs, threads) ? null
            : $"At most {NumberFormat.Counted(memory.AtOnce, "run")} at once of {NumberFormat.Count(threads)}: a run needs up to {Largest(memory)} of memory, and {Free(memory)}.";
    }

    private static string Largest(MemoryPlan memory) =>
        memory.LargestBytes == long.MaxValue ? "more than can be addressed" : $"about {NumberFormat.Size(memory.LargestBytes)}";

    private static string Free(MemoryPlan memory) =>
        $"of {NumberFormat.Size(memory.Bytes)} the program and the data leave {NumberFormat.Size(memory.Budget.Bytes)}";
}
