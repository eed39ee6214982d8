using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>
/// Writes a network and its weights as an ONNX model that any ONNX runtime predicts with. Its input is called
/// <c>input</c>: <c>[N, values]</c>, or <c>[N, channels, rows, columns]</c> for images, for any N; its output is
/// <c>scores</c>, <c>[N, classes]</c>. Weights are named and shaped as PyTorch does it. Pruned weights are there, as zeros:
/// the format has no sparse weights that runtimes multiply by.
/// </summary>
/// <remarks>
/// The model takes scaled values, as the network does. How bytes become such values stands in the model's metadata:
/// <c>lottery.scale</c> is a JSON array of [high, low, shift] for each channel (or one for all), and a byte b becomes
/// b × high + (b × low + shift). <c>lottery.classes</c> is a JSON array of names.
/// </remarks>
public static class OnnxWriter
{
    /// <summary>What the input is called.</summary>
    public const string Input = "input";

    /// <summary>What the output is called.</summary>
    public const string Output = "scores";

    /// <summary>The key of the network's description in the metadata.</summary>
    internal const string NetworkKey = "lottery.network";

    // Both are read by every runtime of the last years; the operators used here have not changed since.
    private const int FormatVersion = 8, OperatorSet = 13;

    /// <summary>The bytes of a model; equal weights give equal bytes.</summary>
    /// <param name="weights">Values of every parameter; the network is theirs.</param>
    /// <param name="scale">How bytes become the input, for the metadata.</param>
    /// <param name="classes">The names of the classes, for the metadata.</param>
    public static byte[] Write(Weights weights, PixelScale? scale = null, IReadOnlyList<string>? classes = null) =>
        Write(weights, GraphOf(weights), scale, classes);

    /// <summary>The bytes of a model without dead units and channels: the same scores of smaller dense weights. Features that are not read are left out by a Gather at the beginning.</summary>
    internal static byte[] Write(CompactNetwork compact, Weights weights, bool isSparse, PixelScale? scale, IReadOnlyList<string>? classes)
    {
        GraphProto graph = GraphOf(compact.Small, compact.Inputs);
        graph.Input[0] = Value(Input, weights.Network.Input);
        return Write(weights, isSparse ? Sparse(graph) : graph, scale, classes);
    }

    /// <summary>The bytes of a model whose weights are sparse initializers where that is smaller; runtimes make them dense when they load it.</summary>
    internal static byte[] WriteSparse(Weights weights, PixelScale? scale, IReadOnlyList<string>? classes) => Write(weights, Sparse(GraphOf(weights)), scale, classes);

    private static byte[] Write(Weights weights, GraphProto graph, PixelScale? scale, IReadOnlyList<string>? classes)
    {
        var model = new ModelProto { IrVersion = FormatVersion, ProducerName = "lottery", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        Describe(model, NetworkKey, weights.Network.Description);
        if (scale is not null) Describe(model, "lottery.scale", JsonSerializer.Serialize(scale.Numbers.ToArray().Chunk(3)));
        if (classes is { Count: > 0 }) Describe(model, "lottery.classes", JsonSerializer.Serialize(classes));
        return model.ToByteArray();
    }

    /// <summary>The graph of a network and its weights.</summary>
    internal static GraphProto GraphOf(Weights weights, int[]? features = null)
    {
        Network network = weights.Network;
        var graph = new OnnxGraph(weights);
        string input = features is null ? Input : graph.Select(Input, features);
        graph.End(graph.Add(network.Layers, input, network.Input), Output);
        graph.Proto.Input.Add(Value(Input, network.Input));
        graph.Proto.Output.Add(Value(Output, Shape.Flat(network.Outputs)));
        return graph.Proto;
    }

    /// <summary>The graph with weights as values and indices, where that takes fewer bytes.</summary>
    private static GraphProto Sparse(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer.ToArray())
        {
            if (tensor.DataType != (int)TensorProto.Types.DataType.Float) continue;
            float[] values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
            long[] indices = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0).Select(i => (long)i)];
            if (indices.Length == 0 || indices.Length * (sizeof(float) + sizeof(long)) >= values.Length * sizeof(float)) continue;
            graph.Initializer.Remove(tensor);
            graph.SparseInitializer.Add(new SparseTensorProto
            {
                Dims = { tensor.Dims },
                Values = Tensor(tensor.Name, TensorProto.Types.DataType.Float, indices.Length, MemoryMarshal.AsBytes(Array.ConvertAll(indices, i => values[i]).AsSpan())),
                Indices = Tensor("", TensorProto.Types.DataType.Int64, indices.Length, MemoryMarshal.AsBytes(indices.AsSpan())),
            });
        }
        return graph;
    }

    private static TensorProto Tensor(string name, TensorProto.Types.DataType type, int count, ReadOnlySpan<byte> values) =>
        new() { Name = name, DataType = (int)type, Dims = { count }, RawData = ByteString.CopyFrom(values) };

    private static void Describe(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    private static ValueInfoProto Value(string name, Shape shape)
    {
        ImmutableArray<int> sizes = shape.IsFlat ? [shape.Channels] : [shape.Channels, shape.Height, shape.Width];
        var proto = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        proto.Dim.Add(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new()
        {
            Name = name,
            Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = proto } },
        };
    }
}
