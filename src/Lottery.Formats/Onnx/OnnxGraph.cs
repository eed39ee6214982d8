using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Lottery.Networks;

namespace Lottery.Formats.Onnx;

/// <summary>
/// The nodes of a network. A value between layers is called <c>LAYER/out</c>: with a '/', which no layer's name has, so
/// that it never meets the name of a parameter, the input or the output.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly Weights _weights;

    public OnnxGraph(Weights weights)
    {
        _weights = weights;
        Proto = new() { Name = weights.Network.Name };
        for (int i = 0; i < weights.Network.Parameters.Length; i++)
            AddTensor(weights.Network.Parameters[i], weights[i]);
    }

    /// <summary>What has been built so far.</summary>
    public GraphProto Proto { get; }

    /// <summary>Adds layers, first to last, to the value called <paramref name="x"/>, and tells what theirs is called.</summary>
    public string Add(ImmutableArray<Layer> layers, string x, Shape shape)
    {
        foreach (Layer layer in layers) (x, shape) = (Add(layer, x, shape), layer.Output(shape));
        return x;
    }

    /// <summary>Calls the last value by the name of the graph's output; it is the last node's unless there are no nodes.</summary>
    public void End(string value, string output)
    {
        if (Proto.Node.Count == 0) Node("Identity", "identity", [value]);
        Proto.Node[^1].Output[0] = output;
    }

    private string Add(Layer layer, string x, Shape shape) => layer switch
    {
        Linear => Node("Gemm", layer, x, Int("transB", 1)),
        Convolution convolution => Node("Conv", layer, x, Ints("kernel_shape", convolution.Kernel, convolution.Kernel),
            Ints("strides", convolution.Stride, convolution.Stride), Ints("pads", [.. Enumerable.Repeat(convolution.Padding, 4)])),
        BatchNormalization => Node("BatchNormalization", layer, x, Float("epsilon", 1e-5f)),
        Relu => Node("Relu", layer, x),
        MaxPool pool => Node("MaxPool", layer, x, Windows(pool.Size)),
        AveragePool pool => Node("AveragePool", layer, x, Windows(pool.Size)),
        GlobalAveragePool => Node("Flatten", layer.Name, [Node("GlobalAveragePool", $"{layer.Name}/mean", [x])], Int("axis", 1)),
        Flatten => Node("Flatten", layer, x, Int("axis", 1)),
        Dropout => x,
        ZeroPad pad => Shorten(pad, x, shape),
        Residual block => Node("Add", layer.Name, [Add(block.Body, x, shape), Add(block.Shortcut, x, shape)]),
        _ => throw new NotSupportedException($"Layer {layer.Name} is of a kind that has no counterpart in ONNX here."),
    };

    /// <summary>Every so-manieth row and column, then channels of zeros before and after.</summary>
    private string Shorten(ZeroPad layer, string x, Shape shape)
    {
        int missing = layer.Channels - shape.Channels, before = missing / 2;
        if (layer.Stride > 1)
            x = Node("Slice", $"{layer.Name}/slice",
            [
                x, Whole(layer, "starts", 0, 0), Whole(layer, "ends", shape.Height, shape.Width),
                Whole(layer, "axes", 2, 3), Whole(layer, "steps", layer.Stride, layer.Stride),
            ]);
        return missing == 0
            ? x
            : Node("Pad", layer.Name, [x, Whole(layer, "pads", 0, before, 0, 0, 0, missing - before, 0, 0)]);
    }

    /// <summary>A node that takes the layer's parameters, in their order, after <paramref name="x"/>.</summary>
    private string Node(string type, Layer layer, string x, params AttributeProto[] attributes) =>
        Node(type, layer.Name, [x, .. layer.Parameters.Select(parameter => parameter.Name)], attributes);

    private string Node(string type, string name, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = name, Input = { inputs }, Output = { $"{name}/out" }, Attribute = { attributes } };
        Proto.Node.Add(node);
        return node.Output[0];
    }

    private static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    private static AttributeProto Int(string name, int value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    private static AttributeProto Ints(string name, params IEnumerable<int> values) =>
        new() { Name = name, Ints = { values.Select(value => (long)value) }, Type = AttributeProto.Types.AttributeType.Ints };

    /// <summary>Whole windows side by side, without padding: a rest that fills none is left out.</summary>
    private static AttributeProto[] Windows(int size) => [Ints("kernel_shape", size, size), Ints("strides", size, size)];

    private void AddTensor(Parameter parameter, ReadOnlySpan<float> values) =>
        AddTensor(parameter.Name, [.. parameter.Shape], TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values));

    /// <summary>Adds integers that a node takes as an input, and tells what they are called.</summary>
    private string Whole(Layer layer, string part, params ReadOnlySpan<long> values)
    {
        string name = $"{layer.Name}/{part}";
        AddTensor(name, [values.Length], TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values));
        return name;
    }

    private void AddTensor(string name, int[] shape, TensorProto.Types.DataType type, ReadOnlySpan<byte> values) =>
        Proto.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape.Select(size => (long)size) },
            RawData = ByteString.CopyFrom(values),
        });
}
