using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Data;

namespace Lottery.Training;

/// <summary>Which examples each step trains on: an epoch's order cut into batches, the incomplete last one dropped.</summary>
/// <param name="data">The examples.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="batch">Examples in a batch.</param>
/// <param name="firstStep">The step that training begins at.</param>
internal sealed class EpochOrders(SplitDataset data, ulong seed, int batch, int firstStep)
{
    private readonly int[] _order = new int[data.Training.Length];
    private readonly SortedDictionary<int, string> _hashes = [];
    private readonly int _batches = data.Training.Length / batch;
    private int _epoch = -1;

    /// <summary>The seed that orders and augmentation go by.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>SHA-256, in lower-case hexadecimal, of each order so far (32-bit little-endian indices), by epoch.</summary>
    public ImmutableArray<string> Hashes => [.. _hashes.Values];

    /// <summary>The examples of <paramref name="step"/>.</summary>
    public ReadOnlySpan<int> Batch(int step)
    {
        if (step / _batches != _epoch) Begin(step / _batches);
        return _order.AsSpan(step % _batches * batch, batch);
    }

    /// <summary>Steps of an epoch.</summary>
    public int Batches => _batches;

    /// <summary>The whole order of an epoch.</summary>
    public ReadOnlySpan<int> Order(int epoch)
    {
        if (epoch != _epoch) Begin(epoch);
        return _order;
    }

    /// <summary>The epoch of <paramref name="step"/>.</summary>
    public int EpochOf(int step) => step / _batches;

    /// <summary>The examples of the step after <paramref name="step"/>; nothing where that begins another epoch.</summary>
    public ReadOnlySpan<int> After(int step) => (step + 1) % _batches == 0 ? default : Batch(step + 1);

    /// <summary>Takes the hashes of the epochs that a checkpoint has behind it.</summary>
    public void Resume(ImmutableArray<string> hashes)
    {
        for (int i = 0; i < hashes.Length; i++) _hashes[firstStep / _batches + i] = hashes[i];
    }

    private void Begin(int epoch)
    {
        _epoch = epoch;
        data.EpochOrder(Seed, epoch, _order);
        _hashes[epoch] = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_order.AsSpan())));
    }
}
