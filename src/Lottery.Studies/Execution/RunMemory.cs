using System.Collections.Concurrent;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Studies.Execution;

/// <summary>
/// How much memory runs take: what a training allocates outside the managed heap is counted by the code that allocates it, and what
/// pruning, checkpoints and the store need is a number of copies of the weights, measured.
/// </summary>
/// <param name="data">The data sets, which all runs share.</param>
/// <param name="splits">The bytes of their splits: each seed has its own list of examples.</param>
internal sealed class RunMemory(IEnumerable<Dataset> data, long splits = 0)
{
    /// <summary>The program without any run, and reading a data set, in bytes.</summary>
    private const long Process = 110_000_000;

    /// <summary>A data set leaves behind a part of what reading it took.</summary>
    private const double OfData = 1.25;

    /// <summary>What the system's heap adds to buffers.</summary>
    private const double OfBuffers = 1.06;

    /// <summary>Of a run its curves, its hashes, and the stack of its thread.</summary>
    private const long Each = 12_000_000;

    /// <summary>
    /// Copies of all weights that a run has at once, or that wait to be collected: of its parent, of its start, while it is pruned,
    /// in a checkpoint, and in the files of the finished run.
    /// </summary>
    private const int Copies = 18;

    /// <summary>A pruned linear layer has two tables of its kept weights.</summary>
    private const int BytesOfKeptWeight = 9;

    private readonly ConcurrentDictionary<(string, int, string, bool, bool, SupermaskSpecification?, int), long> _known = [];

    /// <summary>What runs share, in bytes.</summary>
    public long Shared { get; } = Process + splits + data.DistinctBy(set => set.Sha256).Sum(set => (long)(OfData * (Size(set.Train) + Size(set.Test))));

    /// <summary>What a run takes besides, in bytes; <see cref="long.MaxValue"/> for more than can be addressed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="threads">Its threads.</param>
    public long Of(RunSpecification run, int threads)
    {
        bool isPruned = run.Level > 0, isFrozen = run.Actions is { } actions && !Mask0.Get(actions.Mask0).IsZero;
        var key = (run.Network.Description, run.Training.Batch, run.Training.Optimizer.GetType().Name, isPruned, isFrozen, run.Supermask, threads);
        return _known.TryGetValue(key, out long known) ? known : _known[key] = Count(run, isPruned, isFrozen, threads);
    }

    /// <summary>One copy of all weights of a network.</summary>
    public static long WeightBytes(Network network) => sizeof(float) * network.Parameters.Sum(parameter => (long)parameter.Count);

    private static long Count(RunSpecification run, bool isPruned, bool isFrozen, int threads)
    {
        Network network = run.Network;
        try
        {
            return (long)(OfBuffers * TrainingMemory.Of(Mask.Full(network), isFrozen, run.Training, threads, run.Supermask))
                + (isPruned && !isFrozen ? BytesOfKeptWeight * (long)network.PrunableCount : 0) + Copies * WeightBytes(network) + Each;
        }
        catch (Exception tooLarge) when (tooLarge is OverflowException or OutOfMemoryException)
        {
            return long.MaxValue;
        }
    }

    private static long Size(Examples examples) => examples.Pixels.Length + examples.Labels.Length + sizeof(float) * (long)examples.Values.Length;
}

/// <summary>Memory that an executor divides among runs.</summary>
/// <param name="Bytes">What there is for runs, without what they share.</param>
/// <param name="Of">What a run takes with so many threads.</param>
internal sealed record MemoryBudget(long Bytes, Func<RunSpecification, int, long> Of);
