using Google.Protobuf;
using Lottery.Formats.Onnx;
using Lottery.Fuzz.Mutations;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Fuzz.Targets;

/// <summary>ONNX models: damaged bytes, and models whose nodes, shapes, names and numbers are exchanged.</summary>
internal sealed class OnnxTarget : Target
{
    private static readonly byte[][] s_whole =
    [
        .. new[]
        {
            "4 fc1=linear(3) relu output=linear(2) glorot-normal",
            "2x4x4 conv1=conv(3,3) bn1=batch-norm relu max-pool(2) conv2=depthwise-conv(3,no-bias) flatten output=linear(2) glorot-normal",
            "2x4x4 [ conv1=conv(3,3,stride=2) relu conv2=conv(3,3) | zero-pad(3,stride=2) ] relu [ conv3=conv(3,1) | ] global-average-pool output=linear(2) glorot-normal",
        }.Select(description => OnnxWriter.Write(InitialWeights.Sample(NetworkReader.Read(description, "some"), 1))),
    ];

    private static readonly string[] s_types = ["Relu", "Conv", "Gemm", "MatMul", "Add", "Flatten", "Reshape", "Transpose", "Softmax", "Shape", "Concat", "Pad", "Slice", "Identity", "ReduceMean", "Constant", "Sigmoid"];

    private static readonly long[] s_numbers = [0, 1, 2, 3, 4, -1, 1 << 20, int.MaxValue, long.MaxValue, long.MinValue];

    public override string Name => "onnx";

    public override Case Draw(Dice dice)
    {
        byte[] file = dice.Of(s_whole);
        if (dice.OneIn(3)) return new("some.onnx", Bytes.Mutate(file, dice.Of(s_whole), dice));
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        if (dice.OneIn(2)) model.MetadataProps.Clear();
        for (int i = 1 + dice.Below(3); i > 0; i--) Change(model.Graph, dice);
        return new("some.onnx", model.ToByteArray());
    }

    public override void Read(Case file, string folder)
    {
        OnnxModel read = OnnxReader.Read(Path.Combine(folder, file.File));
        Require(NetworkReader.Read(read.Network.Description, "again").Equals(read.Network), "the network is not read from its description");
        for (int p = 0; p < read.Network.Parameters.Length; p++)
            foreach (float value in read.Weights[p]) Require(float.IsFinite(value), "a value is not finite");
        OnnxModel again = OnnxReader.Read(OnnxWriter.Write(read.Weights), "again", "");
        Require(again.Network.Equals(read.Network) && again.Weights.Sha256 == read.Weights.Sha256, "what was read is written as something else");
    }

    // A message of two bytes is an object; a network's description is compared with what it would write.
    public override long MostAllocated(Case file) => (8 << 20) + 2048L * file.Content.Length;

    private static void Change(GraphProto graph, Dice dice)
    {
        NodeProto node = graph.Node.Count == 0 ? new() : graph.Node[dice.Below(graph.Node.Count)];
        NodeProto other = graph.Node.Count == 0 ? new() : graph.Node[dice.Below(graph.Node.Count)];
        switch (dice.Below(10))
        {
            case 0: node.OpType = dice.Of(s_types); break;
            case 1 when node.Input.Count > 0: node.Input[dice.Below(node.Input.Count)] = NameOf(graph, dice); break;
            case 2: node.Input.Add(NameOf(graph, dice)); break;
            case 3 when node.Attribute.Count > 0:
                AttributeProto attribute = node.Attribute[dice.Below(node.Attribute.Count)];
                attribute.I = dice.Of(s_numbers);
                if (attribute.Ints.Count > 0) attribute.Ints[dice.Below(attribute.Ints.Count)] = dice.Of(s_numbers);
                break;
            case 4 when graph.Initializer.Count > 0:
                TensorProto tensor = graph.Initializer[dice.Below(graph.Initializer.Count)];
                if (tensor.Dims.Count > 0) tensor.Dims[dice.Below(tensor.Dims.Count)] = dice.Of(s_numbers);
                else tensor.Dims.Add(dice.Of(s_numbers));
                break;
            case 5 when graph.Initializer.Count > 0: graph.Initializer[dice.Below(graph.Initializer.Count)].DataType = dice.Below(20); break;
            case 6: graph.Node.Remove(node); break;
            case 7: graph.Node.Insert(dice.Below(graph.Node.Count + 1), other.Clone()); break;
            case 8: node.Attribute.Add(new AttributeProto { Name = dice.Of("pads", "strides", "axis", "group", "dilations", "auto_pad", "perm", "axes", "transA", "alpha"), I = dice.Of(s_numbers), Ints = { dice.Of(s_numbers), dice.Of(s_numbers) } }); break;
            default:
                if (graph.Input.FirstOrDefault()?.Type?.TensorType?.Shape?.Dim is { Count: > 0 } dims) dims[dice.Below(dims.Count)].DimValue = dice.Of(s_numbers);
                break;
        }
    }

    private static string NameOf(GraphProto graph, Dice dice) => dice.Below(3) switch
    {
        0 when graph.Initializer.Count > 0 => graph.Initializer[dice.Below(graph.Initializer.Count)].Name,
        1 when graph.Node.Count > 0 => graph.Node[dice.Below(graph.Node.Count)].Output.FirstOrDefault() ?? "",
        _ => dice.OneIn(2) ? "input" : "",
    };
}
