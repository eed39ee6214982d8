using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Lottery.Files;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.Onnx;

/// <summary>
/// The constants of a model: initializers, dense and sparse, and what Constant nodes hold. Values are read only where they are
/// used; lengths are compared with the shape first.
/// </summary>
/// <param name="folder">The model's folder, where external data are.</param>
internal sealed class OnnxConstants(string folder)
{
    private const long MostValues = 1L << 28, SparseValues = 1L << 20, SparseRatio = 4096;

    /// <summary>The types that ONNX numbers.</summary>
    private static readonly Dictionary<TensorProto.Types.DataType, TensorType> s_types = new()
    {
        [TensorProto.Types.DataType.Float] = TensorType.F32, [TensorProto.Types.DataType.Double] = TensorType.F64,
        [TensorProto.Types.DataType.Float16] = TensorType.F16, [TensorProto.Types.DataType.Bfloat16] = TensorType.BF16,
        [TensorProto.Types.DataType.Int64] = TensorType.I64, [TensorProto.Types.DataType.Int32] = TensorType.I32,
        [TensorProto.Types.DataType.Int16] = TensorType.I16, [TensorProto.Types.DataType.Int8] = TensorType.I8,
        [TensorProto.Types.DataType.Uint8] = TensorType.U8, [TensorProto.Types.DataType.Bool] = TensorType.Bool,
        [TensorProto.Types.DataType.Uint16] = TensorType.U16, [TensorProto.Types.DataType.Uint32] = TensorType.U32, [TensorProto.Types.DataType.Uint64] = TensorType.U64,
    };

    private readonly Dictionary<string, StoredTensor> _tensors = [];

    /// <summary>True for the name of a constant.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The constant of that name.</summary>
    public StoredTensor this[string name] => _tensors[name];

    /// <summary>Adds the initializers of a graph.</summary>
    /// <exception cref="InvalidDataException">Two have one name, or a shape is impossible.</exception>
    public void Add(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer) Add(tensor.Name, Of(tensor));
        foreach (SparseTensorProto tensor in graph.SparseInitializer) Add(tensor.Values?.Name ?? "", Of(tensor));
    }

    /// <summary>Adds a constant under another name: what Identity gives.</summary>
    public void AddAlias(string name, string of) => Add(name, _tensors[of]);

    /// <summary>Adds the transpose of a constant matrix.</summary>
    public void AddTransposed(string name, string of)
    {
        StoredTensor source = _tensors[of];
        (int rows, int columns) = (source.Shape[0], source.Shape[1]);
        Add(name, new(source.Name, "FLOAT", TensorType.F32, [columns, rows], () =>
            MemoryMarshal.AsBytes(OnnxWeights.Transposed(source.Floats(), rows, columns).AsSpan()).ToArray()));
    }

    /// <summary>Adds what a Constant node holds.</summary>
    public void Add(OnnxNode node)
    {
        string name = node.Outputs[0];
        if (node["value"]?.T is { } tensor) Add(name, Of(tensor));
        else if (node["sparse_value"]?.SparseTensor is { } sparse) Add(name, Of(sparse));
        else if (node["value_float"] is { } number) Add(name, Of(name, TensorType.F32, [], MemoryMarshal.AsBytes<float>([number.F])));
        else if (node["value_floats"] is { } numbers) Add(name, Of(name, TensorType.F32, [numbers.Floats.Count], MemoryMarshal.AsBytes<float>([.. numbers.Floats])));
        else if (node["value_int"] is { } integer) Add(name, Of(name, TensorType.I64, [], MemoryMarshal.AsBytes<long>([integer.I])));
        else if (node["value_ints"] is { } integers) Add(name, Of(name, TensorType.I64, [integers.Ints.Count], MemoryMarshal.AsBytes<long>([.. integers.Ints])));
        else throw node.Wrong("holds no tensor; only tensors of numbers are read");
    }

    /// <summary>Few integers: a shape, axes, pads.</summary>
    /// <exception cref="InvalidDataException">They are no integers, or too many.</exception>
    public long[] Integers(string name)
    {
        StoredTensor tensor = _tensors[name];
        if (tensor.Count > 64) throw new InvalidDataException($"the constant '{OnnxNode.Short(name)}' has {tensor.Count} values where a shape is expected");
        Tensor values = tensor.Load();
        return values.Type switch
        {
            TensorType.I64 => MemoryMarshal.Cast<byte, long>(values.Bytes.Span).ToArray(),
            TensorType.I32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(values.Bytes.Span).ToArray(), value => (long)value),
            _ => throw new InvalidDataException($"the constant '{OnnxNode.Short(name)}' holds {values.Type.Name()}, where integers are expected"),
        };
    }

    private void Add(string name, StoredTensor tensor)
    {
        if (!_tensors.TryAdd(name, tensor)) throw new InvalidDataException($"two constants are called '{OnnxNode.Short(name)}'");
    }

    private StoredTensor Of(TensorProto tensor)
    {
        ImmutableArray<int> shape = ShapeOf(tensor.Name, tensor.Dims);
        var number = (TensorProto.Types.DataType)tensor.DataType;
        TensorType? type = s_types.TryGetValue(number, out TensorType known) ? known : null;
        return new(tensor.Name, $"{number}", type, shape, () => BytesOf(tensor, shape, known));
    }

    private static StoredTensor Of(string name, TensorType type, ImmutableArray<int> shape, ReadOnlySpan<byte> values)
    {
        byte[] bytes = values.ToArray();
        return new(name, type.Name(), type, shape, () => bytes);
    }

    private StoredTensor Of(SparseTensorProto sparse)
    {
        if (sparse.Values is not { } values || sparse.Indices is not { } indices) throw new InvalidDataException("a sparse constant has no values or no indices");
        ImmutableArray<int> shape = ShapeOf(values.Name, sparse.Dims);
        long count = shape.Aggregate(1L, (product, size) => product * size);
        StoredTensor stored = Of(values), at = Of(indices);
        if (count > Math.Max(SparseValues, SparseRatio * stored.Count))
            throw new InvalidDataException($"the sparse constant '{OnnxNode.Short(values.Name)}' says {count:N0} values and holds {stored.Count:N0}, which is fewer than networks have");
        return new(values.Name, "FLOAT", TensorType.F32, shape, () => MemoryMarshal.AsBytes(Dense(stored, at, shape, (int)count).AsSpan()).ToArray());
    }

    private static float[] Dense(StoredTensor values, StoredTensor indices, ImmutableArray<int> shape, int count)
    {
        var dense = new float[count];
        float[] given = values.Floats();
        int rank = indices.Shape.Length == 2 ? indices.Shape[1] : 1;
        if (indices.Type != TensorType.I64 || indices.Count != (long)given.Length * rank || rank != 1 && rank != shape.Length)
            throw new InvalidDataException($"the sparse constant '{OnnxNode.Short(values.Name)}' has indices that do not fit its values");
        ReadOnlySpan<long> places = MemoryMarshal.Cast<byte, long>(indices.Load().Bytes.Span);
        for (int i = 0; i < given.Length; i++)
        {
            long place = 0;
            for (int d = 0; d < rank; d++)
            {
                long index = places[i * rank + d];
                if (index < 0 || index >= (rank == 1 ? count : shape[d])) throw new InvalidDataException($"the sparse constant '{OnnxNode.Short(values.Name)}' has an index beyond its shape");
                place = rank == 1 ? index : place * shape[d] + index;
            }
            dense[place] = given[i];
        }
        return dense;
    }

    private static ImmutableArray<int> ShapeOf(string name, IList<long> dims)
    {
        long count = 1;
        foreach (long size in dims)
        {
            if (size < 0 || size > MostValues) throw Impossible(name, $"[{string.Join(", ", dims.Take(8))}]");
            count *= size;
            if (count > MostValues) throw Impossible(name, $"[{string.Join(", ", dims.Take(8))}]");
        }
        return [.. dims.Select(size => (int)size)];
    }

    private static InvalidDataException Impossible(string name, string shape) =>
        new($"the constant '{OnnxNode.Short(name)}' has the shape {shape}, and at most {MostValues:N0} values are possible");

    private ReadOnlyMemory<byte> BytesOf(TensorProto tensor, ImmutableArray<int> shape, TensorType type)
    {
        long length = shape.Aggregate((long)type.Size(), (product, size) => product * size);
        ReadOnlyMemory<byte> bytes = tensor.DataLocation == TensorProto.Types.DataLocation.External ? External(tensor, length)
            : tensor.RawData.Length > 0 ? tensor.RawData.Memory
            : Listed(tensor, type);
        return bytes.Length == length ? bytes : throw new InvalidDataException(
            $"the constant '{OnnxNode.Short(tensor.Name)}' of [{string.Join(", ", shape)}] needs {length:N0} bytes, and holds {bytes.Length:N0}");
    }

    /// <summary>The values where they are listed one by one; types of less than 32 bits stand among the integers.</summary>
    private static byte[] Listed(TensorProto tensor, TensorType type) => type switch
    {
        TensorType.F32 => MemoryMarshal.AsBytes(tensor.FloatData.ToArray().AsSpan()).ToArray(),
        TensorType.F64 => MemoryMarshal.AsBytes(tensor.DoubleData.ToArray().AsSpan()).ToArray(),
        TensorType.I64 => MemoryMarshal.AsBytes(tensor.Int64Data.ToArray().AsSpan()).ToArray(),
        TensorType.I32 => MemoryMarshal.AsBytes(tensor.Int32Data.ToArray().AsSpan()).ToArray(),
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 =>
            MemoryMarshal.AsBytes(tensor.Int32Data.Select(value => (ushort)value).ToArray().AsSpan()).ToArray(),
        TensorType.U8 or TensorType.I8 or TensorType.Bool => [.. tensor.Int32Data.Select(value => (byte)value)],
        _ => [],
    };

    /// <summary>Values in a file of their own, which must be in the model's folder.</summary>
    private byte[] External(TensorProto tensor, long length)
    {
        string? Entry(string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
        string location = Entry("location") ?? "", name = OnnxNode.Short(tensor.Name);
        string root = Path.GetFullPath(folder.Length == 0 ? "." : folder);
        string path = location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) ? root : Path.GetFullPath(Path.Combine(root, location));
        if (Path.IsPathRooted(location) || !path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InvalidDataException($"the constant '{name}' is in '{OnnxNode.Short(location)}', which is outside the model's folder");
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null) throw new InvalidDataException($"the constant '{name}' is in '{OnnxNode.Short(location)}', which is missing or a link");
        if (!long.TryParse(Entry("offset") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out long offset) || offset > file.Length || length > file.Length - offset)
            throw new InvalidDataException($"the constant '{name}' needs {length:N0} bytes of '{OnnxNode.Short(location)}', which ends before");
        using FileStream stream = InputFile.Open(path);
        stream.Position = offset;
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
