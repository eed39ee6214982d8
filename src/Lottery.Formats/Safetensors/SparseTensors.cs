using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Formats.Safetensors;

/// <summary>How the kept weights of a layer are listed.</summary>
internal enum SparseLayout
{
    /// <summary>Every weight, zeros included.</summary>
    Dense,

    /// <summary>Compressed rows: one row for each output, its inputs (of a convolution: channel, row and column) in one dimension.</summary>
    Csr,

    /// <summary>Coordinates in all dimensions.</summary>
    Coo,
}

/// <summary>
/// Weights whose pruned ones are left out, under names that SciPy and PyTorch take: of <c>fc1.weight</c> the tensors
/// <c>fc1.weight.values</c>, <c>.shape</c>, and <c>.crow_indices</c> and <c>.col_indices</c> (CSR) or <c>.indices</c> (COO). What is
/// not prunable is written as it is.
/// </summary>
internal static class SparseTensors
{
    /// <summary>The tensors of some weights.</summary>
    public static ImmutableArray<Tensor> Of(Weights weights, Mask mask, SparseLayout layout) => layout == SparseLayout.Dense ? NetworkTensors.Of(weights)
    : [
        .. weights.Network.Parameters.Index().SelectMany(parameter => mask[parameter.Index] is { } kept
            ? Of(parameter.Item, weights[parameter.Index], Kept(weights[parameter.Index], kept), layout)
            : [Tensor.Of(parameter.Item.Name, parameter.Item.Shape, weights[parameter.Index])]),
    ];

    /// <summary>The indices of kept weights, and of pruned ones that are frozen at other values than 0.</summary>
    private static int[] Kept(ReadOnlySpan<float> values, BitSet kept)
    {
        var indices = new List<int>();
        for (int i = 0; i < values.Length; i++)
            if (kept[i] || values[i] != 0) indices.Add(i);
        return [.. indices];
    }

    private static IEnumerable<Tensor> Of(Parameter parameter, ReadOnlySpan<float> values, int[] kept, SparseLayout layout)
    {
        var stored = new float[kept.Length];
        for (int i = 0; i < kept.Length; i++) stored[i] = values[kept[i]];
        Tensor Integers(string part, ImmutableArray<int> shape, IEnumerable<long> numbers) =>
            new($"{parameter.Name}.{part}", TensorType.I64, shape, MemoryMarshal.AsBytes(numbers.ToArray().AsSpan()).ToArray());
        Tensor[] both = [Tensor.Of($"{parameter.Name}.values", [kept.Length], stored), Integers("shape", [parameter.Shape.Length], parameter.Shape.Select(size => (long)size))];
        int row = parameter.Count / parameter.Shape[0];
        if (layout == SparseLayout.Csr)
            return
            [
                Integers("crow_indices", [parameter.Shape[0] + 1], Enumerable.Range(0, parameter.Shape[0] + 1).Select(r => (long)LowerBound(kept, r * row))),
                Integers("col_indices", [kept.Length], kept.Select(i => (long)(i % row))), .. both,
            ];
        return
        [
            Integers("indices", [parameter.Shape.Length, kept.Length], parameter.Shape.Index().SelectMany(size =>
            {
                int below = parameter.Shape.Skip(size.Index + 1).Aggregate(1, (product, one) => product * one);
                return kept.Select(i => (long)(i / below % size.Item));
            })), .. both,
        ];
    }

    /// <summary>The number of ascending values below a bound.</summary>
    private static int LowerBound(int[] values, int bound)
    {
        int index = Array.BinarySearch(values, bound);
        return index >= 0 ? index : ~index;
    }
}
