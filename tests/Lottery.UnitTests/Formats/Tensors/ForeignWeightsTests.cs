using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Formats.Npz;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Tensors;
using Lottery.Fuzz.Targets;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Formats.Tensors;

/// <summary>Weights and masks as PyTorch and NumPy users have them: forms, prefixes, other names, other types, pruned ones.</summary>
public sealed class ForeignWeightsTests : IDisposable
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:4-3-2");
    private static readonly Weights s_weights = InitialWeights.Sample(s_network, 3);
    private static readonly ImmutableArray<Tensor> s_tensors = NetworkTensors.Of(s_weights);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Forms => ["safetensors", "npz", "pth", "old pth"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_is_recognized_by_its_content(string form)
    {
        NetworkWeights read = Read(form, s_tensors);
        Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
        Assert.Null(read.Mask);
        Assert.Empty(read.Notes);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state_dict")]
    [InlineData("weights")]
    public void A_checkpoint_is_searched_for_its_tensors(string key)
    {
        foreach (byte[] file in (byte[][])[TorchSample.Zip(s_tensors, key), TorchSample.Legacy(s_tensors, key)])
        {
            NetworkWeights read = Read(file);
            Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
            Assert.EndsWith($": the tensors under {key} were read.", Assert.Single(read.Notes), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.module.")]
    public void Common_prefixes_are_stripped_and_said(string prefix)
    {
        NetworkWeights read = Read("safetensors", [.. s_tensors.Select(tensor => tensor with { Name = prefix + tensor.Name })]);
        Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
        Assert.Contains("was stripped from its names", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_matched_by_order_and_shape_and_that_is_said()
    {
        NetworkWeights read = Read("pth", Renamed("net.0", "net.2"));
        Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
        Assert.EndsWith(": its layers were matched by order and shape: net.0 → fc1, net.2 → output.", Assert.Single(read.Notes), StringComparison.Ordinal);
        // In a form that sorts its names, shapes decide.
        read = Read("safetensors", [.. Renamed("net.0", "net.2").Reverse()]);
        Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
        Assert.Contains("matched by shape: net.0 → fc1, net.2 → output", Assert.Single(read.Notes), StringComparison.Ordinal);
        // Only what has another name is matched so.
        read = Read("safetensors", Renamed("fc1", "fc2"));
        Assert.EndsWith(": its layers were matched by shape: fc2 → output.", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_be_matched_in_two_ways_is_asked_for()
    {
        Network network = NetworkCatalogue.Get("mlp:3-3-3");
        ImmutableArray<Tensor> tensors = NetworkTensors.Of(InitialWeights.Sample(network, 1));
        string[] names = ["a.weight", "a.bias", "b.weight", "b.bias"];
        File.WriteAllBytes(_folder["w"], SafetensorsWriter.Write([.. tensors.Zip(names, (tensor, name) => tensor with { Name = name })]));
        Assert.Contains("--map THEIRS=OURS", Refusal(() => NetworkWeights.Read(_folder["w"], network)), StringComparison.Ordinal);
        Assert.Equal(InitialWeights.Sample(network, 1).Sha256, NetworkWeights.Read(_folder["w"], network, NameMap.Parse("a=fc1,b=output")).Weights.Sha256);
        Assert.Equal(InitialWeights.Sample(network, 1).Sha256, NetworkWeights.Read(_folder["w"], network,
            NameMap.Parse("a.weight=fc1.weight,a.bias=fc1.bias,b.weight=output.weight,b.bias=output.bias")).Weights.Sha256);
    }

    [Fact]
    public void A_map_that_does_not_fit_is_told()
    {
        ImmutableArray<Tensor> tensors = Renamed("net.0", "net.2");
        Assert.Contains("has no 'net.1', which the map names; did you mean 'net.", Refusal(() => Read("pth", tensors, "net.1=fc1")), StringComparison.Ordinal);
        Assert.Contains("which the map calls fc9.weight", Refusal(() => Read("pth", tensors, "net.0=fc9")), StringComparison.Ordinal);
        Assert.Contains("which the map both calls fc1.bias", Refusal(() => Read("pth", tensors, "net.0=fc1,net.2.bias=fc1.bias")), StringComparison.Ordinal);
        Assert.Contains("must be written as in net.0=fc1", Refusal(() => Read("pth", tensors, "net.0")), StringComparison.Ordinal);
        Assert.Contains("must be written as in net.0=fc1", Refusal(() => Read("pth", tensors, "a=b,a=c")), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_layer_are_refused_and_a_single_number_is_left_out()
    {
        var step = new Tensor("ema.decay", TensorType.F64, [], new byte[8]);
        NetworkWeights read = Read("safetensors", [.. s_tensors, step]);
        Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
        Assert.Contains("ema.decay is of no layer and left out", Assert.Single(read.Notes), StringComparison.Ordinal);
        Tensor other = Tensor.Of("fc3.weight", [2, 2], new float[4]);
        Assert.Contains("has a tensor fc3.weight, which mlp:4-3-2 does not have (--map fc3.weight= leaves it out)", Refusal(() => Read("safetensors", [.. s_tensors, other])), StringComparison.Ordinal);
        Assert.Equal(s_weights.Sha256, Read("safetensors", [.. s_tensors, other], "fc3.weight=").Weights.Sha256);
    }

    [Fact]
    public void Other_types_are_read_exactly_or_refused_with_the_value()
    {
        Tensor bias = new("output.bias", TensorType.F64, [2], MemoryMarshal.AsBytes<double>([0.5, -1]).ToArray());
        Assert.Equal([0.5f, -1], Read("safetensors", [.. s_tensors[..3], bias]).Weights[3].ToArray());
        Assert.EndsWith("w has 0.1 at index 1 of output.bias, which is no 32-bit float; save it as 32-bit floats, as .float() does in PyTorch.",
            Refusal(() => Read("pth", [.. s_tensors[..3], bias with { Bytes = MemoryMarshal.AsBytes<double>([0.5, 0.1]).ToArray() }])), StringComparison.Ordinal);
        bias = new("output.bias", TensorType.I32, [2], MemoryMarshal.AsBytes<int>([1 << 24, -3]).ToArray());
        Assert.Equal([1 << 24, -3], Read("old pth", [.. s_tensors[..3], bias]).Weights[3].ToArray());
        Assert.Contains("has 16777217 at index 0", Refusal(() => Read("safetensors", [.. s_tensors[..3], bias with { Bytes = MemoryMarshal.AsBytes<int>([(1 << 24) + 1, 0]).ToArray() }])), StringComparison.Ordinal);
        bias = new("output.bias", TensorType.I64, [2], MemoryMarshal.AsBytes<long>([long.MaxValue, 0]).ToArray());
        Assert.Contains("has 9223372036854775807 at index 0", Refusal(() => Read("safetensors", [.. s_tensors[..3], bias])), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_are_the_mask_and_that_is_said()
    {
        NetworkWeights read = Read("safetensors", [Tensor.Of("fc1.weight", [3, 4], [1, 0, 2, -0f, 3, 4, 5, 6, 7, 8, 9, 0]), .. s_tensors[1..]]);
        Assert.Equal([1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0], read.Mask![0]!.ToBytes());
        Assert.EndsWith(": 3 of 18 weights are 0, and pruned weights are stored so: they are the mask, density 83.3 %; --mask states another.", read.MaskNote!, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_of_torch_prune_are_weights_and_mask()
    {
        byte[] mask = [1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0];
        NetworkWeights read = Read("pth",
        [
            s_tensors[1], s_tensors[0] with { Name = "fc1.weight_orig" }, Tensor.Of("fc1.weight_mask", [3, 4], Array.ConvertAll(mask, bit => (float)bit)), .. s_tensors[2..],
        ]);
        Assert.Equal(mask, read.Mask![0]!.ToBytes());
        Assert.Equal(6, read.Mask[2]!.Count());
        Assert.Equal(0, read.Weights[0][1]);
        Assert.Equal(s_weights[0][1], read.Unmasked[0][1]);
        Assert.Contains("the masks of torch.nn.utils.prune (fc1.weight) were read with the weights: 3 of 18 weights are pruned, density 83.3 %", read.MaskNote!, StringComparison.Ordinal);
        Assert.Contains("has 0.5 at index 0 of fc1.weight_mask", Refusal(() => Read("pth",
            [s_tensors[1], s_tensors[0] with { Name = "fc1.weight_orig" }, Tensor.Of("fc1.weight_mask", [3, 4], [0.5f, .. new float[11]]), .. s_tensors[2..]])), StringComparison.Ordinal);
    }

    /// <summary>A layer of which everything is 0 is treated alike in every command.</summary>
    [Fact]
    public void A_layer_of_zeros_is_a_mask_both_ways()
    {
        NetworkWeights read = Read("safetensors", [Tensor.Of("fc1.weight", [3, 4], new float[12]), .. s_tensors[1..]]);
        Assert.Equal(6, read.Mask!.Kept);
        Assert.Contains("No weight of fc1.weight is kept", read.MaskNote!, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["mask"], SafetensorsWriter.Write(NetworkTensors.Of(read.Mask)));
        NetworkMask mask = NetworkMask.Read(_folder["mask"], s_network);
        Assert.Equal(read.Mask, mask.Mask);
        Assert.Contains("No weight of fc1.weight is kept", Assert.Single(mask.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F64)]
    [InlineData(TensorType.I64)]
    [InlineData(TensorType.I32)]
    [InlineData(TensorType.U8)]
    public void A_mask_may_have_any_type(TensorType type)
    {
        byte[] bits = [1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0];
        File.WriteAllBytes(_folder["mask"], SafetensorsWriter.Write([new("module.fc1.weight", type, [3, 4], As(type, bits)), new("module.output.weight", type, [2, 3], As(type, [1, 1, 0, 1, 1, 1]))]));
        Assert.Equal(bits, NetworkMask.Read(_folder["mask"], s_network).Mask[0]!.ToBytes());
    }

    [Fact]
    public void A_search_begins_with_the_mask_of_its_weights_and_says_so()
    {
        File.WriteAllBytes(_folder["w"], SafetensorsWriter.Write([Tensor.Of("fc1.weight", [3, 4], [1, 0, 2, 0, 3, 4, 5, 6, 7, 8, 9, 0]), .. s_tensors[1..]]));
        var said = new List<string>();
        var reader = new StartingPointReader(new RunStore(_folder["store"]) { Warn = said.Add });
        StartingPoint final = reader.Read(new() { Final = _folder["w"] }, s_network);
        Assert.Equal([1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0], final.Mask![0]!.ToBytes());
        Assert.Contains("they are the mask", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(final.Mask, reader.Read(new() { Initial = _folder["w"] }, s_network).Mask);
        File.WriteAllBytes(_folder["full"], SafetensorsWriter.Write(NetworkTensors.Of(Mask.Full(s_network))));
        Assert.Equal(18, reader.Read(new() { Final = _folder["w"], Mask = _folder["full"] }, s_network).Mask!.Kept);
    }

    private static byte[] As(TensorType type, byte[] bits) => type switch
    {
        TensorType.F32 => MemoryMarshal.AsBytes(Array.ConvertAll(bits, bit => (float)bit).AsSpan()).ToArray(),
        TensorType.F64 => MemoryMarshal.AsBytes(Array.ConvertAll(bits, bit => (double)bit).AsSpan()).ToArray(),
        TensorType.I64 => MemoryMarshal.AsBytes(Array.ConvertAll(bits, bit => (long)bit).AsSpan()).ToArray(),
        TensorType.I32 => MemoryMarshal.AsBytes(Array.ConvertAll(bits, bit => (int)bit).AsSpan()).ToArray(),
        _ => bits,
    };

    private static ImmutableArray<Tensor> Renamed(string fc1, string output) =>
    [
        s_tensors[0] with { Name = $"{fc1}.weight" }, s_tensors[1] with { Name = $"{fc1}.bias" },
        s_tensors[2] with { Name = $"{output}.weight" }, s_tensors[3] with { Name = $"{output}.bias" },
    ];

    private NetworkWeights Read(string form, ImmutableArray<Tensor> tensors, string? map = null) => Read(form switch
    {
        "npz" => NpzWriter.Write(tensors),
        "pth" => TorchSample.Zip(tensors),
        "old pth" => TorchSample.Legacy(tensors),
        _ => SafetensorsWriter.Write(tensors),
    }, map);

    private NetworkWeights Read(byte[] file, string? map = null)
    {
        File.WriteAllBytes(_folder["w"], file);
        return NetworkWeights.Read(_folder["w"], s_network, NameMap.Parse(map));
    }

    private static string Refusal(Func<object> read) => Assert.Throws<UserException>(read).Message;
}
