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

    /// <summary>Adds the choice of some features.</summary>
    public string Select(string x, int[] features)
    {
        AddTensor("features", [features.Length], TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(Array.ConvertAll(features, feature => (long)feature).AsSpan()));
        return Node("Gather", "select", [x, "features"], Int("axis", 1));
    }

    /// <summary>Calls the last value by the name of the graph's output; it is the last node's unless there are no nodes.</summary>
    public void End(string value, string output)
    {
        if (Proto.Node.Count == 0) Node("Identity", "identity", [value]);
        Proto.Node[^1].Output[0] = output;
    }

    private string Add(Layer layer, string x, Shape shape) => layer.Accept(new Cases(this, x, shape));

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

    /// <summary>A kernel that slides over an image.</summary>
    private static AttributeProto[] Window(int size, int stride, int padding) =>
        [Ints("kernel_shape", size, size), Ints("strides", stride, stride), Ints("pads", [.. Enumerable.Repeat(padding, 4)])];

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

    /// <summary>The nodes of each kind of layer; a case returns the name of the layer's value.</summary>
    private sealed class Cases(OnnxGraph graph, string x, Shape shape) : ILayerVisitor<string>
    {
        public string Visit(Linear layer) => graph.Node("Gemm", layer, x, Int("transB", 1));

        public string Visit(Convolution layer) => graph.Node("Conv", layer, x, Window(layer.Kernel, layer.Stride, layer.Padding));

        public string Visit(DepthwiseConvolution layer) => graph.Node(
            "Conv", layer, x, [Int("group", layer.Channels), .. Window(layer.Kernel, layer.Stride, layer.Padding)]);

        public string Visit(BatchNormalization layer) => graph.Node("BatchNormalization", layer, x, Float("epsilon", 1e-5f));

        public string Visit(Relu layer) => graph.Node("Relu", layer, x);

        public string Visit(MaxPool layer) => graph.Node("MaxPool", layer, x, Windows(layer.Size));

        public string Visit(AveragePool layer) => graph.Node("AveragePool", layer, x, Windows(layer.Size));

        public string Visit(GlobalAveragePool layer) => graph.Node(
            "Flatten", layer.Name, [graph.Node("GlobalAveragePool", $"{layer.Name}/mean", [x])], Int("axis", 1));

        public string Visit(Flatten layer) => graph.Node("Flatten", layer, x, Int("axis", 1));

        public string Visit(Dropout layer) => x;

        public string Visit(ZeroPad layer) => graph.Shorten(layer, x, shape);

        public string Visit(Residual layer) =>
            graph.Node("Add", layer.Name, [graph.Add(layer.Body, x, shape), graph.Add(layer.Shortcut, x, shape)]);
    }
}
