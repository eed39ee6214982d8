using System.Collections.Immutable;
using System.Globalization;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;

namespace Lottery.Plans;

/// <summary>Where one of the network's parameters lies among the plan's values.</summary>
/// <param name="Index">The index among the network's parameters.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Offset">The first value, a multiple of 16.</param>
/// <param name="Length">Values, padding included; a multiple of 16.</param>
/// <param name="Map">Which value of the tensor lies at which position.</param>
/// <param name="HasFrozen">True if pruned weights are stored, which must not move.</param>
internal sealed record ParameterRow(int Index, Parameter Parameter, int Offset, int Length, ParameterMap Map, bool HasFrozen)
{
    /// <summary>Positions up to the last value, rounded up to a multiple of 16.</summary>
    public int Extent => Map.Extent;

    /// <summary>The row's part of something laid out like the plan's values.</summary>
    public Span<float> Of(AlignedBuffer<float> values) => values.Span.Slice(Offset, Extent);
}

/// <summary>
/// For every parameter of a network its offset and length among a plan's values. Moments and scores are laid out the
/// same way.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Network _network;

    /// <summary>The layout of a plan's operations, each of which is given its offset.</summary>
    public ParameterLayout(Network network, ImmutableArray<Operation> operations)
    {
        _network = network;
        int offset = 0;
        foreach (Operation operation in operations)
        {
            operation.Offset = offset;
            offset += operation.Length;
        }
        Rows =
        [
            .. operations.SelectMany(operation => operation.Parameters.Select(slot => new ParameterRow(
                slot.Parameter, network.Parameters[slot.Parameter], operation.Offset + slot.Start, slot.Length, slot.Map,
                operation.HasFrozenWeights && network.Parameters[slot.Parameter].Prunable))),
        ];
        Length = Rows.IsEmpty ? 0 : Rows[^1].Offset + Rows[^1].Length;
    }

    /// <summary>One row a parameter, in the order in which they lie.</summary>
    public ImmutableArray<ParameterRow> Rows { get; }

    /// <summary>Values in all, padding included.</summary>
    public int Length { get; }

    /// <summary>True if some pruned weights are stored, which must not move.</summary>
    public bool HasFrozen => Rows.Any(row => row.HasFrozen);

    /// <summary>True if the optimizer moves every value.</summary>
    public bool AreAllTrained => !HasFrozen && Rows.All(row => row.Parameter.Trained);

    /// <summary>Reads values (weights, or moments of the same shapes) in full shape.</summary>
    public void Load(Weights weights, Span<float> values)
    {
        foreach (ParameterRow row in Rows) row.Map.Load(weights[row.Index], values.Slice(row.Offset, row.Length));
    }

    /// <summary>Values (weights, or moments of the same shapes) in full shape, zero where they are not stored.</summary>
    public Weights Save(ReadOnlySpan<float> values)
    {
        var weights = new Weights(_network);
        foreach (ParameterRow row in Rows) row.Map.Save(values.Slice(row.Offset, row.Length), weights[row.Index]);
        return weights;
    }

    /// <summary>For each value a bit, sixteen together: set if it is trained, not if it is a pruned weight, a running statistic or padding.</summary>
    public AlignedBuffer<ushort> Trained(Mask mask)
    {
        var trained = new Weights(_network);
        for (int i = 0; i < _network.Parameters.Length; i++)
            for (int k = 0; k < trained[i].Length; k++) trained[i][k] = _network.Parameters[i].Trained && (mask[i] is not { } kept || kept[k]) ? 1 : 0;
        using var values = new AlignedBuffer<float>(Length);
        Load(trained, values.Span);
        var bits = new AlignedBuffer<ushort>(Length / 16);
        for (int i = 0; i < Length; i++)
            if (values.Span[i] > 0) bits.Span[i / 16] |= (ushort)(1 << i % 16);
        return bits;
    }

    /// <summary>The table, a row a parameter.</summary>
    public override string ToString() => PlanText.Format(
        ["parameter", "shape", "offset", "length", "stored", "padding", "moved by"],
        Rows.Select(row => (string[])
        [
            row.Parameter.Name, string.Join('x', row.Parameter.Shape), Text(row.Offset), Text(row.Length), Text(row.Map.Count),
            Text(row.Length - row.Map.Count),
            !row.Parameter.Trained ? "batch statistics" : row.HasFrozen ? "optimizer, pruned weights frozen" : "optimizer",
        ]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
