using System.Globalization;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Data;

/// <summary>A data set whose training part is divided into training and validation examples.</summary>
/// <param name="Dataset">The set, scaled according to the specification.</param>
/// <param name="Specification">The split, as part of a run's identity.</param>
/// <param name="Training">Indices into <c>Dataset.Train</c>, ascending.</param>
/// <param name="Validation">Indices into <c>Dataset.Train</c>, ascending; no index is in both.</param>
public sealed record SplitDataset(
    Dataset Dataset, DataSpecification Specification, ReadOnlyMemory<int> Training, ReadOnlyMemory<int> Validation)
{
    /// <summary>The order of the training examples in an epoch: a permutation of <see cref="Training"/> by the run's seed.</summary>
    public int[] EpochOrder(ulong seed, int epoch)
    {
        var order = new int[Training.Length];
        EpochOrder(seed, epoch, order);
        return order;
    }

    /// <summary>Writes the order of an epoch to <paramref name="destination"/>, as long as <see cref="Training"/>; allocates nothing.</summary>
    public void EpochOrder(ulong seed, int epoch, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Training.Length);
        Training.Span.CopyTo(destination);
        const string Order = "order/";
        Span<char> name = stackalloc char[32];
        Order.CopyTo(name);
        epoch.TryFormat(name[Order.Length..], out int digits, provider: CultureInfo.InvariantCulture);
        new RandomStream(seed, name[..(Order.Length + digits)]).Shuffle(destination);
    }
}
