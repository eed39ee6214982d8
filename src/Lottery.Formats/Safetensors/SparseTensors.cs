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
    private const string Values = ".values", Shape = ".shape", Rows = ".crow_indices", Columns = ".col_indices", Indices = ".indices";
    private const int MostDimensions = 8;

    /// <summary>Tensors of which some are listed so, each of these as one tensor; its values are put in their places where they are used.</summary>
    /// <exception cref="InvalidDataException">A shape is impossible; the message is a clause.</exception>
    public static ImmutableArray<StoredTensor> Joined(ImmutableArray<StoredTensor> tensors)
    {
        Dictionary<string, StoredTensor> byName = tensors.ToDictionary(tensor => tensor.Name);
        string[] sparse = [.. byName.Keys.Where(name => name.EndsWith(Values, StringComparison.Ordinal)).Select(name => name[..^Values.Length])
            .Where(name => byName.ContainsKey(name + Shape) && (byName.ContainsKey(name + Indices) || byName.ContainsKey(name + Rows) && byName.ContainsKey(name + Columns)))];
        if (sparse.Length == 0) return tensors;
        HashSet<string> parts = [.. sparse.SelectMany(name => new[] { Values, Shape, Rows, Columns, Indices }.Select(part => name + part))];
        return [.. tensors.Where(tensor => !parts.Contains(tensor.Name)), .. sparse.Select(name => Joined(name, byName))];
    }

    private static StoredTensor Joined(string name, Dictionary<string, StoredTensor> parts)
    {
        ReadOnlySpan<long> sizes = parts[name + Shape] is { Count: > 0 and <= MostDimensions } stated ? Integers(stated) : throw Wrong(name, "has no shape");
        var shape = ImmutableArray.CreateBuilder<int>();
        long count = 1;
        foreach (long size in sizes)
        {
            if (size < 1 || size > Array.MaxLength || (count *= size) > Array.MaxLength) throw Wrong(name, "has an impossible shape");
            shape.Add((int)size);
        }
        ImmutableArray<int> whole = shape.ToImmutable();
        return new(name, "F32", TensorType.F32, whole, () => MemoryMarshal.AsBytes(Dense(name, parts, whole, (int)count).AsSpan()).ToArray());
    }

    private static float[] Dense(string name, Dictionary<string, StoredTensor> parts, ImmutableArray<int> shape, int count)
    {
        float[] values = parts[name + Values].Floats();
        long[] places = parts.TryGetValue(name + Indices, out StoredTensor? indices) ? Places(name, Integers(indices), shape, values.Length)
            : Places(name, Integers(parts[name + Rows]), Integers(parts[name + Columns]), shape[0], count / shape[0], values.Length);
        var (dense, isTaken) = (new float[count], new BitSet(count));
        for (int i = 0; i < values.Length; i++)
        {
            int place = (int)places[i];
            if (isTaken[place]) throw Wrong(name, "has two values in one place");
            isTaken[place] = true;
            dense[place] = values[i];
        }
        return dense;
    }

    /// <summary>The places of coordinates <c>[dimensions, values]</c>.</summary>
    private static long[] Places(string name, ReadOnlySpan<long> indices, ImmutableArray<int> shape, int count)
    {
        if (indices.Length != (long)shape.Length * count) throw Wrong(name, "has indices that do not fit its values");
        var places = new long[count];
        for (int d = 0; d < shape.Length; d++)
            for (int i = 0; i < count; i++)
                places[i] = places[i] * shape[d] + (indices[d * count + i] is >= 0 and var index && index < shape[d] ? index : throw Wrong(name, "has an index beyond its shape"));
        return places;
    }

    /// <summary>The places of compressed rows.</summary>
    private static long[] Places(string name, ReadOnlySpan<long> begins, ReadOnlySpan<long> columns, int rows, int width, int count)
    {
        if (begins.Length != rows + 1L || begins[0] != 0 || begins[rows] != count || columns.Length != count) throw Wrong(name, "has indices that do not fit its values");
        var places = new long[count];
        for (int row = 0; row < rows; row++)
        {
            if (begins[row + 1] < begins[row] || begins[row + 1] > count) throw Wrong(name, "has rows that are not in order");
            for (long i = begins[row]; i < begins[row + 1]; i++)
                places[i] = (long)row * width + (columns[(int)i] is >= 0 and var column && column < width ? column : throw Wrong(name, "has an index beyond its shape"));
        }
        return places;
    }

    private static ReadOnlySpan<long> Integers(StoredTensor tensor) => tensor.Type == TensorType.I64 ? MemoryMarshal.Cast<byte, long>(tensor.Load().Bytes.Span)
        : throw new InvalidDataException($"has {tensor.Name} of type {tensor.TypeName}, where I64 is expected");

    private static InvalidDataException Wrong(string name, string what) => new($"the sparse tensor {name} {what}");

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
            new($"{parameter.Name}{part}", TensorType.I64, shape, MemoryMarshal.AsBytes(numbers.ToArray().AsSpan()).ToArray());
        Tensor[] both = [Tensor.Of($"{parameter.Name}{Values}", [kept.Length], stored), Integers(Shape, [parameter.Shape.Length], parameter.Shape.Select(size => (long)size))];
        int row = parameter.Count / parameter.Shape[0];
        if (layout == SparseLayout.Csr)
            return
            [
                Integers(Rows, [parameter.Shape[0] + 1], Enumerable.Range(0, parameter.Shape[0] + 1).Select(r => (long)LowerBound(kept, r * row))),
                Integers(Columns, [kept.Length], kept.Select(i => (long)(i % row))), .. both,
            ];
        return
        [
            Integers(Indices, [parameter.Shape.Length, kept.Length], parameter.Shape.Index().SelectMany(size =>
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
