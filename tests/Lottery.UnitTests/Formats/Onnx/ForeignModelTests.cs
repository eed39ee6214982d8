using Google.Protobuf;
using Lottery.Formats.Networks;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using static Lottery.UnitTests.Formats.Onnx.OnnxSample;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>Models as PyTorch, Keras and scikit-learn export them: the network scores as ONNX Runtime does.</summary>
public sealed class ForeignModelTests
{
    public static TheoryData<int> Versions => [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

    /// <summary>x.view(x.size(0), -1), three linear layers, log_softmax.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void A_fully_connected_network_of_PyTorch_is_that_of_the_catalogue(int version)
    {
        OnnxSample model = new OnnxSample(version).Input(1, 2, 4);
        string size = model.Node("Gather", [model.Node("Shape", ["x"]), model.Integers(0)], Int("axis", 0));
        string x = model.Node("Reshape", ["x", model.Node("Concat", [size, model.Integers(-1)], Int("axis", 0))]);
        x = model.Node("Relu", [model.Node("Gemm", [x, model.Weights("fc1.weight", 5, 8), model.Weights("fc1.bias", 5)], Int("transB", 1))]);
        x = model.Node("Gemm", [x, model.Weights("output.weight", 3, 5), model.Weights("output.bias", 3)], Int("transB", 1));
        model.Node("LogSoftmax", [x], Int("axis", 1));
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        Assert.Equal(NetworkCatalogue.Get("mlp:8-5-3"), read.Network);
        Assert.Equal(2, read.Notes.Length);
    }

    /// <summary>Convolutions with and without groups, normalization, pooling, padding, dropout.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void A_convolutional_network_of_PyTorch_scores_the_same(int version)
    {
        OnnxSample model = new OnnxSample(version).Input(2, 8, 8);
        string x = model.Node("Pad", ["x", model.Integers(0, 0, 2, 2, 0, 0, 2, 2)], Text("mode", "constant"));
        x = model.Node("Conv", [x, model.Weights("c1.weight", 4, 2, 5, 5), model.Weights("c1.bias", 4)], Ints("kernel_shape", 5, 5), Ints("pads", 0, 0, 0, 0), Ints("strides", 1, 1));
        x = model.Node("BatchNormalization", [x, model.Weights("b.weight", 4), model.Weights("b.bias", 4), model.Weights("b.running_mean", 4), model.Weights("b.running_var", 4)], Float("epsilon", 0.001f));
        x = model.Node("Conv", [model.Node("Relu", [x]), model.Weights("dw.weight", 4, 1, 3, 3)], Int("group", 4), Ints("pads", 1, 1, 1, 1));
        x = model.Node("MaxPool", [model.Node("Relu", [x])], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2), Int("ceil_mode", 1));
        x = model.Node("Conv", [x, model.Weights("c2.weight", 6, 4, 3, 3)], Text("auto_pad", "SAME_UPPER"));
        x = model.Node("Add", [x, model.Constant("shift", [1, 6, 1, 1], [1, 2, 3, -1, -2, -3])]);
        x = model.Node("AveragePool", [model.Node("Relu", [x])], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
        x = model.Node("Flatten", [model.Node("Identity", [x])], Int("axis", 1));
        model.Node("Gemm", [x, model.Weights("o.weight", 3, 24)], Int("transB", 1), Float("alpha", 0.5f));
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        Assert.Equal("2x8x8 c1=conv(4,5) b=batch-norm relu dw=depthwise-conv(3,no-bias) relu max-pool(2) c2=conv(6,3) relu average-pool(2) flatten o=linear(3) glorot-normal", read.Network.Description);
    }

    /// <summary>Residual blocks: an identity, a projection, and the shortcut without weights as x[:, :, ::2, ::2] and F.pad export it.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(23)]
    public void A_residual_network_of_PyTorch_scores_the_same(int version)
    {
        OnnxSample model = new OnnxSample(version).Input(2, 8, 8);
        string x = model.Node("Relu", [model.Node("Conv", ["x", model.Weights("stem", 4, 2, 3, 3)], Ints("pads", 1, 1, 1, 1))]);
        string y = model.Node("Conv", [x, model.Weights("a", 4, 4, 3, 3)], Ints("pads", 1, 1, 1, 1));
        x = model.Node("Relu", [model.Node("Add", [x, model.Node("Relu", [y])])]);
        y = model.Node("Conv", [x, model.Weights("b", 6, 4, 3, 3)], Ints("pads", 1, 1, 1, 1), Ints("strides", 2, 2));
        x = model.Node("Add", [y, model.Node("Conv", [x, model.Weights("c", 6, 4, 1, 1)], Ints("strides", 2, 2))]);
        y = model.Node("Conv", [x, model.Weights("d", 8, 6, 3, 3)], Ints("pads", 1, 1, 1, 1), Ints("strides", 2, 2));
        string z = model.Node("Slice", [x, model.Integers(0), model.Integers(long.MaxValue), model.Integers(2), model.Integers(2)]);
        z = model.Node("Slice", [z, model.Integers(0), model.Integers(long.MaxValue), model.Integers(3), model.Integers(2)]);
        // F.pad's numbers, last axis first, turned round.
        string pads = model.Node("Concat", [model.Integers(0, 0, 0, 0, 1, 1), model.Node("ConstantOfShape", [model.Integers(2)])], Int("axis", 0));
        pads = model.Node("Slice", [model.Node("Reshape", [pads, model.Integers(-1, 2)]), model.Integers(-1), model.Integers(-long.MaxValue), model.Integers(0), model.Integers(-1)]);
        pads = model.Node("Cast", [model.Node("Reshape", [model.Node("Transpose", [pads], Ints("perm", 1, 0)), model.Integers(-1)])], Int("to", 7));
        model.Model.Graph.Node.First(node => node.OpType == "ConstantOfShape").Attribute.Add(new AttributeProto { Name = "value", T = Tensor("", [1], TensorProto.Types.DataType.Int64, new byte[8]), Type = AttributeProto.Types.AttributeType.Tensor });
        x = model.Node("Add", [model.Node("Pad", [z, pads], Text("mode", "constant")), y]);
        x = version >= 18 ? model.Node("ReduceMean", [x, model.Integers(2, 3)], Int("keepdims", 0)) : model.Node("ReduceMean", [x], Ints("axes", -2, -1), Int("keepdims", 0));
        model.Node("Gemm", [x, model.Weights("fc", 3, 8), model.Weights("fb", 3)], Int("transB", 1));
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        Assert.Equal("2x8x8 conv1=conv(4,3,no-bias) relu [ conv2=conv(4,3,no-bias) relu | ] relu [ conv3=conv(6,3,stride=2,no-bias) | conv4=conv(6,1,stride=2,no-bias) ] "
            + "[ conv5=conv(8,3,stride=2,no-bias) | zero-pad(8,stride=2) ] global-average-pool output=linear(3) glorot-normal", read.Network.Description);
    }

    /// <summary>tf2onnx: channels last at the input and where images are flattened, MatMul and Add, Softmax.</summary>
    [Fact]
    public void A_network_of_Keras_scores_the_same()
    {
        OnnxSample model = new OnnxSample(13).Input(6, 4, 2);
        string x = model.Node("Transpose", ["x"], Ints("perm", 0, 3, 1, 2));
        x = model.Node("Relu", [model.Node("Conv", [x, model.Weights("k/Conv2D", 5, 2, 3, 3), model.Weights("k/bias", 5)], Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1))]);
        x = model.Node("Transpose", [model.Node("MaxPool", [x], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2))], Ints("perm", 0, 2, 3, 1));
        x = model.Node("Reshape", [x, model.Integers(-1, 30)]);
        x = model.Node("Relu", [model.Node("Add", [model.Node("MatMul", [x, model.Weights("d/MatMul", 30, 7)]), model.Weights("d/bias", 7)])]);
        x = model.Node("Add", [model.Node("MatMul", [x, model.Weights("e/MatMul", 7, 3)]), model.Weights("e/bias", 3)]);
        model.Node("Softmax", [x], Int("axis", -1));
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        Assert.Equal("2x6x4 conv1=conv(5,3) relu max-pool(2) flatten fc1=linear(7) relu output=linear(3) glorot-normal", read.Network.Description);
        Assert.Contains("The model takes images with channels last; the network takes 2x6x4, channels first.", read.Notes);
    }

    /// <summary>skl2onnx: a Cast first, and besides the probabilities a label.</summary>
    [Fact]
    public void A_classifier_of_scikit_learn_scores_the_same()
    {
        OnnxSample model = new OnnxSample(15).Input(4);
        string x = model.Node("Cast", ["x"], Int("to", 1));
        x = model.Node("Relu", [model.Node("Add", [model.Node("MatMul", [x, model.Weights("coefficient", 4, 5)]), model.Weights("intercepts", 1, 5)])]);
        x = model.Node("Softmax", [model.Node("Add", [model.Node("MatMul", [x, model.Weights("coefficient1", 5, 3)]), model.Weights("intercepts1", 1, 3)])], Int("axis", 1));
        model.Output(x, 3);
        string label = model.Node("ArgMax", [x], Int("axis", 1), Int("keepdims", 0));
        model.Model.Graph.Output.Add(new ValueInfoProto { Name = label, Type = new() { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Int64, Shape = new() { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } } } } });
        Assert.Equal(NetworkCatalogue.Get("mlp:4-5-3"), OnnxComparison.AssertSame(model.Bytes()).Network);
    }

    [Fact]
    public void Normalization_after_a_linear_layer_becomes_part_of_it()
    {
        OnnxSample model = new OnnxSample().Input(4);
        string x = model.Node("Gemm", ["x", model.Weights("w", 5, 4), model.Weights("b", 5)], Int("transB", 1), Float("beta", 2));
        x = model.Node("BatchNormalization", [x, model.Weights("s", 5), model.Weights("t", 5), model.Weights("m", 5), model.Weights("var", 5)]);
        model.Node("MatMul", [model.Node("Relu", [x]), model.Node("Transpose", [model.Weights("o", 3, 5)], Ints("perm", 1, 0))]);
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        Assert.Contains("is part of the weights before it", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_leaves_again_as_ONNX_and_YAML()
    {
        OnnxSample model = new OnnxSample().Input(2, 6, 6);
        string x = model.Node("Relu", [model.Node("Conv", ["x", model.Weights("layer1.0.weight", 4, 2, 3, 3), model.Weights("layer1.0.bias", 4)], Ints("pads", 1, 1, 1, 1))]);
        x = model.Node("Flatten", [model.Node("GlobalAveragePool", [x])]);
        model.Node("Gemm", [x, model.Weights("head.weight", 3, 4), model.Weights("head.bias", 3)], Int("transB", 1));
        OnnxModel read = OnnxComparison.AssertSame(model.Bytes());
        OnnxModel again = OnnxReader.Read(OnnxWriter.Write(read.Weights), "some", "");
        Assert.Equal(read.Weights.Sha256, again.Weights.Sha256);
        Assert.Equal("layer1.0.weight", again.Network.Parameters[0].Name);
        Assert.Equal(read.Network, NetworkFile.Of(Lottery.Formats.Yaml.YamlReader.ReadText("some.yaml", string.Join('\n', NetworkText.Lines(read.Network))), "some"));
    }

    [Fact]
    public void Weights_of_other_types_and_sparse_ones_are_read()
    {
        foreach (Action<GraphProto> change in (Action<GraphProto>[])[AsDoubles, AsListed, AsSparse])
        {
            OnnxSample model = new OnnxSample().Input(2);
            model.Node("MatMul", ["x", model.Constant("w", [2, 3], [1, 0, -2, 0, 0, 0.5f])]);
            ModelProto proto = ModelProto.Parser.ParseFrom(model.Bytes());
            change(proto.Graph);
            Assert.Equal([1, 0, 0, 0, -2, 0.5f], OnnxReader.Read(proto.ToByteArray(), "some", "").Weights[0].ToArray());
        }

        static void AsDoubles(GraphProto graph) => graph.Initializer[0] = Tensor("w", [2, 3], TensorProto.Types.DataType.Double,
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>([1, 0, -2, 0, 0, 0.5]));
        static void AsListed(GraphProto graph) => graph.Initializer[0] = new() { Name = "w", Dims = { 2, 3 }, DataType = 1, FloatData = { 1, 0, -2, 0, 0, 0.5f } };
        static void AsSparse(GraphProto graph)
        {
            graph.Initializer.Clear();
            graph.SparseInitializer.Add(new SparseTensorProto
            {
                Values = new() { Name = "w", Dims = { 3 }, DataType = 1, FloatData = { 1, -2, 0.5f } }, Indices = new() { Dims = { 3 }, DataType = 7, Int64Data = { 0, 2, 5 } }, Dims = { 2, 3 },
            });
        }
    }
}
