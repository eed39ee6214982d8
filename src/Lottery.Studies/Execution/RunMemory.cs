using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Numerics;
using Lottery.Actions;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Studies.Execution;

/// <summary>
/// How much memory runs take at most: what a training allocates outside the managed heap is counted by the code that allocates it, and
/// what pruning, checkpoints and the store need is a number of copies of the weights. <c>./dev bench estimates</c> compares it with
/// processes.
/// </summary>
/// <param name="data">The data sets, which all runs share.</param>
/// <param name="splits">The bytes of their splits: each seed has its own list of examples.</param>
internal sealed class RunMemory(IEnumerable<Dataset> data, long splits = 0)
{
    /// <summary>The program, its libraries and the runtime without any run, in bytes.</summary>
    private const long Process = 62_000_000;

    /// <summary>What the system's heap adds to buffers.</summary>
    private const double OfBuffers = 1.04;

    /// <summary>Of a run its curves, its hashes, and the stack of its thread.</summary>
    private const long Each = 6_000_000;

    /// <summary>Copies of all weights that a run has while it trains: its start, its best and its final weights, a checkpoint, and what waits to be collected.</summary>
    private const double TrainedCopies = 8;

    /// <summary>Further copies where a level was pruned: its parent's, and what scoring them left.</summary>
    private const double ParentCopies = 5;

    /// <summary>Copies of all weights while a level is pruned, which is before anything is allocated for training: its parent and what that is read from, its start, and what waits to be collected.</summary>
    private const double PrunedCopies = 6;

    /// <summary>A weight that is scored has its values, its score and its rank.</summary>
    private const int BytesOfScoredWeight = 40;

    /// <summary>Of a level's mask whose density is not known.</summary>
    private const double DensestPruned = 0.99;

    /// <summary>Copies of all weights of a run that is trained and on its way into the store: the weights, those that the seed gives, and its files.</summary>
    private const int WrittenCopies = 6;

    private readonly ConcurrentDictionary<Demand, long> _known = [];
    private readonly FrozenDictionary<string, Examples> _examples = data.DistinctBy(set => set.Sha256).ToFrozenDictionary(set => set.Sha256, set => set.Train);

    /// <summary>What runs share, in bytes.</summary>
    public long Shared { get; } = Process + ManagedHeap.Least + splits + data.DistinctBy(set => set.Sha256).Sum(set => Size(set.Train) + Size(set.Test));

    /// <summary>What a run takes besides, in bytes; <see cref="long.MaxValue"/> for more than can be addressed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="threads">Its threads.</param>
    public long Of(RunSpecification run, int threads)
    {
        bool isFrozen = IsFrozen(run);
        PruneSpecification? prune = run.Level > 0 ? run.Prune : null;
        int level = prune is null ? 0 : LevelOf(run.Level);
        var demand = new Demand(run.Network.Description, run.Training.Batch, run.Training.Optimizer.GetType().Name, isFrozen, run.Supermask, threads,
            level, prune?.Rates, prune?.Threshold, prune?.Scope, run.Data.Sha256, run.Data.Scale);
        return _known.TryGetValue(demand, out long known) ? known : _known[demand] = Count(run, level, isFrozen, threads);
    }

    /// <summary>True if a run's pruned weights have values other than zero.</summary>
    public static bool IsFrozen(RunSpecification run) => run.Actions is { } actions && !Mask0.Get(actions.Mask0).IsZero;

    /// <summary>What a run takes that is trained and on its way into the store, in bytes.</summary>
    public static long OfTrained(RunSpecification run) => WrittenCopies * run.Network.WeightBytes;

    /// <summary>The level that is counted for a level: a power of two, so that few plans are compiled.</summary>
    private static int LevelOf(int level) => 1 << BitOperations.Log2((uint)level);

    private long Count(RunSpecification run, int level, bool isFrozen, int threads)
    {
        Network network = run.Network;
        try
        {
            double zeros = _examples.TryGetValue(run.Data.Sha256, out Examples? examples) ? ZeroInputs.ShareOf(run.Data.Scale, examples) : 0;
            long buffers = (long)(OfBuffers * TrainingMemory.Of(MaskOf(run, level), isFrozen, run.Training, threads, run.Supermask, zeros));
            long trained = buffers + (long)((level == 0 ? TrainedCopies : TrainedCopies + ParentCopies) * network.WeightBytes);
            long pruned = level == 0 ? 0 : (long)(PrunedCopies * network.WeightBytes) + BytesOfScoredWeight * (long)MaskOf(run, level - 1).Kept;
            return Each + Math.Max(trained, pruned);
        }
        catch (Exception tooLarge) when (tooLarge is OverflowException or OutOfMemoryException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>A mask that keeps as many weights of each layer as a level does, evenly spread.</summary>
    internal static Mask MaskOf(RunSpecification run, int level)
    {
        Mask full = Mask.Full(run.Network);
        if (level == 0 || run.Prune is not { } prune) return full;
        var bits = new BitSet?[run.Network.Parameters.Length];
        foreach (PruningGroup group in PruningGroup.Of(run.Network, prune.Rates, prune.Scope))
        {
            double density = prune.Threshold is not null ? DensestPruned
                : (double)PruneCounts.After(full, group, level) / Math.Max(1, group.Parameters.Sum(i => (long)full[i]!.Length));
            foreach (int i in group.Parameters) bits[i] = Spread(full[i]!.Length, density);
        }
        return new(run.Network, [.. bits]);
    }

    private static BitSet Spread(int length, double density)
    {
        var bits = new BitSet(length);
        double kept = 0;
        for (int i = 0; i < length; i++)
            if ((kept += density) >= 1)
            {
                bits[i] = true;
                kept--;
            }
        return bits;
    }

    private static long Size(Examples examples) => examples.Pixels.Length + examples.Labels.Length + sizeof(float) * (long)examples.Values.Length;

    /// <summary>What the memory of a run depends on.</summary>
    private sealed record Demand(
        string Network, int Batch, string Optimizer, bool IsFrozen, SupermaskSpecification? Supermask, int Threads,
        int Level, PruneRates? Rates, double? Threshold, PruneScope? Scope, string Data, Scaling Scale);
}

/// <summary>Memory that an executor divides among runs.</summary>
/// <param name="Bytes">What there is for runs, without what they share.</param>
/// <param name="Of">What a run takes with so many threads.</param>
internal sealed record MemoryBudget(long Bytes, Func<RunSpecification, int, long> Of)
{
    /// <summary>What runs share.</summary>
    public long Shared { get; init; }
}
