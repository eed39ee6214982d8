using Google.Protobuf;
using Lottery.Formats.Onnx;
using static Lottery.UnitTests.Formats.Onnx.OnnxSample;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>What no network here computes is named with its node; what no file should ask for is refused in a sentence.</summary>
public sealed class RefusedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Sigmoid", "node 'Sigmoid_0' (Sigmoid) cannot be imported: ReLU is the only activation here; train the model with ReLU.")]
    [InlineData("LSTM", "such a layer would have to be added to the engine.")]
    [InlineData("Einsum", "there is no such layer here (docs/networks.md lists them).")]
    [InlineData("Softmax", "a Softmax is read only at the end.")]
    public void A_node_that_is_no_layer_is_named(string type, string what) => Refused(what, model => model.Node("Gemm", [model.Node(type, ["x"]), model.Weights("w", 3, 8)], Int("transB", 1)), 8);

    [Fact]
    public void Layers_that_differ_from_those_here_say_what_would_be_needed()
    {
        Refused("has 2 groups of 2 channels each; a convolution here takes all channels, or each by itself, and a layer of grouped convolutions would be needed.",
            model => model.Node("Conv", ["x", model.Weights("w", 4, 2, 3, 3)], Int("group", 2)), 4, 8, 8);
        Refused("has a kernel of 3×1; kernels here are square.", model => model.Node("Conv", ["x", model.Weights("w", 4, 4, 3, 1)]), 4, 8, 8);
        Refused("is dilated; kernels here have no gaps.", model => model.Node("Conv", ["x", model.Weights("w", 4, 4, 3, 3)], Ints("dilations", 2, 2)), 4, 8, 8);
        Refused("pads by 0, 0, 1, 1; padding here is the same on each side.", model => model.Node("Conv", ["x", model.Weights("w", 4, 4, 3, 3)], Ints("pads", 0, 0, 1, 1)), 4, 8, 8);
        Refused("has windows of 3×3 every 2 pixels, with padding; windows here lie side by side", model => model.Node("MaxPool", ["x"], Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1)), 4, 8, 8);
        Refused("rounds up the number of windows", model => model.Node("MaxPool", ["x"], Ints("kernel_shape", 3, 3), Ints("strides", 3, 3), Int("ceil_mode", 1)), 4, 8, 8);
        Refused("adds two branches of features; residual blocks here are of images.", model => model.Node("Add", ["x", model.Node("Relu", ["x"])]), 8);
        Refused("joins 2 values of the network; branches here are added", model => model.Node("Concat", ["x", model.Node("Relu", ["x"])], Int("axis", 1)), 8);
        Refused("is part of two branches; branches here share no layers.", model =>
        {
            string shared = model.Node("Relu", ["x"]), sum = model.Node("Add", [model.Node("Relu", [shared]), "x"]);
            return model.Node("Add", [model.Node("Relu", [sum]), shared]);
        }, 4, 8, 8);
        Refused("adds a value to itself; a branch here has layers.", model => model.Node("Add", ["x", model.Node("Identity", ["x"])]), 4, 8, 8);
        Refused("it ends with images of 4x8x8", model => model.Node("Relu", ["x"]), 4, 8, 8);
        Refused("a constant that scales or shifts values is read only as a bias", model => model.Node("Mul", ["x", model.Constant("c", [1], [2])]), 8);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        Refused("node 'Gemm_0' (Gemm) takes 7 values, but the layer before it gives 8.", model => model.Node("Gemm", ["x", model.Weights("w", 3, 7)], Int("transB", 1)), 8);
        Refused("takes 'b' of [4], where 3 values are expected.", model => model.Node("Gemm", ["x", model.Weights("w", 3, 8), model.Weights("b", 4)], Int("transB", 1)), 8);
        Refused("takes 3 channels, but the layer before it gives images of 4x8x8.", model => model.Node("Conv", ["x", model.Weights("w", 4, 3, 3, 3)]), 4, 8, 8);
        Refused("does not fit: Layer conv1 takes images of at least 9×9", model => model.Node("Conv", ["x", model.Weights("w", 1, 4, 9, 9)]), 4, 8, 8);
        Refused("its output.weight has a value at index 1 that is not finite: its training diverged.", model => model.Node("MatMul", ["x", model.Constant("w", [1, 2], [1, float.NaN])]), 1);
        Refused("the constant 'w' of [3, 8] needs 96 bytes, and holds 12.", model =>
        {
            string name = model.Constant("w", [3], [1, 2, 3]);
            model.Model.Graph.Initializer[0].Dims.Clear();
            model.Model.Graph.Initializer[0].Dims.Add([3, 8]);
            return model.Node("Gemm", ["x", name], Int("transB", 1));
        }, 8);
    }

    [Fact]
    public void A_few_bytes_cannot_ask_for_a_billion_values()
    {
        foreach (long[] shape in (long[][])[[1L << 30, 8], [long.MaxValue, long.MaxValue], [-1, 8]])
            Refused("and at most 268,435,456 values are possible.", model => model.Node("Gemm", ["x", Shaped(model, shape)], Int("transB", 1)), 8);
        // As many as are possible, and none of them there.
        Refused("needs 1,073,741,824 bytes, and holds 0.", model => model.Node("Gemm", ["x", Shaped(model, [1 << 25, 8])], Int("transB", 1)), 8);
        Refused("says 8,388,608 values and holds 1, which is fewer than networks have.", model =>
        {
            model.Model.Graph.SparseInitializer.Add(new SparseTensorProto
            {
                Values = new() { Name = "w", Dims = { 1 }, DataType = 1, FloatData = { 1 } }, Indices = new() { Dims = { 1 }, DataType = 7, Int64Data = { 0 } }, Dims = { 1 << 20, 8 },
            });
            return model.Node("Gemm", ["x", "w"], Int("transB", 1));
        }, 8);
    }

    [Fact]
    public void Graphs_that_lead_nowhere_are_refused()
    {
        Refused("takes 'y', which no node before it gives: it is missing, or the nodes form a cycle.", model => model.Node("Relu", ["y"]), 8);
        Refused("takes 'Relu_1_out', which no node before it gives", model => model.Node("Relu", [model.Node("Relu", ["Relu_1_out"])]), 8);
        var two = new OnnxSample().Input(8).Input(8);
        two.Model.Graph.Input[1].Name = "z";
        two.Node("Relu", ["x"]);
        Says("it has 2 inputs (x, z), and networks here have one.", two.Bytes());
        Says("it has the operators of version 5, and versions 9 to 25 are read; export it with another opset.", Model(5).Bytes());
        OnnxSample other = Model(17);
        other.Model.Graph.Node[0].Domain = "com.microsoft";
        Says("is of an extension; only operators of ONNX itself are read.", other.Bytes());
        OnnxSample free = Model(17);
        free.Model.Graph.Input[0].Type.TensorType.Shape.Dim[1].ClearDimValue();
        Says("has a dimension without a length", free.Bytes());
        Says("it has no nodes.", new OnnxSample().Model.ToByteArray());

        static OnnxSample Model(int version)
        {
            OnnxSample model = new OnnxSample(version).Input(8);
            model.Node("Relu", ["x"]);
            return model;
        }
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../secret.bin")]
    [InlineData("")]
    [InlineData("link.bin")]
    public void External_data_outside_the_model_s_folder_are_refused(string location)
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllBytes(_folder["secret.bin"], new byte[96]);
        File.CreateSymbolicLink(_folder["in/link.bin"], _folder["secret.bin"]);
        string sentence = Refusal(External(location));
        Assert.True(sentence.Contains("outside the model's folder", StringComparison.Ordinal) || sentence.Contains("missing or a link", StringComparison.Ordinal), sentence);
    }

    [Fact]
    public void External_data_in_the_model_s_folder_are_read()
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllBytes(_folder["in/weights.bin"], [.. new byte[4], .. BitConverter.GetBytes(1.5f), .. new byte[92]]);
        File.WriteAllBytes(_folder["in/model.onnx"], External("weights.bin", offset: "4"));
        Assert.Equal(1.5f, OnnxReader.Read(_folder["in/model.onnx"]).Weights[0][0]);
        Assert.Contains("needs 96 bytes of 'weights.bin', which ends before", Refusal(External("weights.bin", offset: "8")), StringComparison.Ordinal);
        Assert.Contains("needs 96 bytes of 'weights.bin', which ends before", Refusal(External("weights.bin", offset: "-8")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_none_is_told()
    {
        Says("cannot be read as ONNX: it is damaged or something else; give a complete file.", "something else"u8.ToArray());
        Assert.Contains("cannot be imported: ", Assert.Throws<UserException>(() => OnnxReader.Read(_folder["none.onnx"])).Message, StringComparison.Ordinal);
    }

    private static string Shaped(OnnxSample model, long[] shape)
    {
        model.Model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { shape } });
        return "w";
    }

    private static byte[] External(string location, string offset = "0")
    {
        OnnxSample model = new OnnxSample().Input(8);
        model.Model.Graph.Initializer.Add(new TensorProto
        {
            Name = "w", DataType = 1, Dims = { 3, 8 }, DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = location }, new StringStringEntryProto { Key = "offset", Value = offset } },
        });
        model.Node("Gemm", ["x", "w"], Int("transB", 1));
        return model.Bytes();
    }

    private void Refused(string what, Func<OnnxSample, string> build, params long[] input)
    {
        OnnxSample model = new OnnxSample().Input(input);
        build(model);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Says(what, model.Bytes());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 21);
    }

    private void Says(string what, byte[] model) => Assert.Contains(what, Refusal(model), StringComparison.Ordinal);

    private string Refusal(byte[] model)
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllBytes(_folder["in/model.onnx"], model);
        return Assert.Throws<UserException>(() => OnnxReader.Read(_folder["in/model.onnx"])).Message;
    }
}
