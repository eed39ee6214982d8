using System.Runtime.InteropServices;
using Google.Protobuf;
using Lottery.Formats.Onnx;
using Lottery.Numerics;
using static Lottery.Formats.Onnx.AttributeProto.Types;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>A model that is put together as other programs do it.</summary>
/// <param name="version">The version of the operators.</param>
internal sealed class OnnxSample(int version = 17)
{
    private int _constants;

    /// <summary>The model so far.</summary>
    public ModelProto Model { get; } = new() { IrVersion = 8, Graph = new() { Name = "some" }, OpsetImport = { new OperatorSetIdProto { Version = version } } };

    /// <summary>The model's bytes.</summary>
    public static byte[] Bytes(ModelProto model) => model.ToByteArray();

    /// <summary>The bytes, with an output that the last node gives.</summary>
    public byte[] Bytes(int classes = 3)
    {
        if (Model.Graph.Output.Count == 0) Output(Model.Graph.Node[^1].Output[0], classes);
        return Model.ToByteArray();
    }

    /// <summary>An input of any number of examples.</summary>
    public OnnxSample Input(params ReadOnlySpan<long> shape)
    {
        Model.Graph.Input.Add(Value("x", shape));
        return this;
    }

    /// <summary>An output <c>[N, classes]</c>.</summary>
    public OnnxSample Output(string name, int classes)
    {
        Model.Graph.Output.Add(Value(name, [classes]));
        return this;
    }

    /// <summary>A node; its output is called like its operator and number.</summary>
    public string Node(string type, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        string name = $"{type}_{Model.Graph.Node.Count}";
        Model.Graph.Node.Add(new NodeProto { OpType = type, Name = name, Input = { inputs }, Output = { $"{name}_out" }, Attribute = { attributes } });
        return $"{name}_out";
    }

    /// <summary>Random weights.</summary>
    public string Weights(string name, params long[] shape)
    {
        var random = new RandomStream(3, $"test/{name}");
        int count = (int)shape.Aggregate(1L, (product, size) => product * size);
        // Variances are positive.
        float low = name.EndsWith("var", StringComparison.Ordinal) ? 0.5f : -0.5f;
        return Constant(name, shape, [.. Enumerable.Range(0, count).Select(i => low + (float)random.Uniform(i))]);
    }

    public string Constant(string name, long[] shape, float[] values)
    {
        Model.Graph.Initializer.Add(Tensor(name, shape, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values.AsSpan())));
        return name;
    }

    /// <summary>Integers as an initializer.</summary>
    public string Integers(params long[] values)
    {
        string name = $"c{_constants++}";
        Model.Graph.Initializer.Add(Tensor(name, [values.Length], TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values.AsSpan())));
        return name;
    }

    public static TensorProto Tensor(string name, long[] shape, TensorProto.Types.DataType type, ReadOnlySpan<byte> values) =>
        new() { Name = name, Dims = { shape }, DataType = (int)type, RawData = ByteString.CopyFrom(values) };

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    public static AttributeProto Ints(string name, params IEnumerable<long> values) => new() { Name = name, Ints = { values }, Type = AttributeType.Ints };

    public static AttributeProto Text(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    private static ValueInfoProto Value(string name, ReadOnlySpan<long> shape)
    {
        var proto = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        foreach (long size in shape) proto.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = proto } } };
    }
}
