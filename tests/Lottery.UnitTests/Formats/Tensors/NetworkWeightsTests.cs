using Lottery.Formats.Safetensors;
using Lottery.Formats.Tensors;
using Lottery.Networks;

namespace Lottery.UnitTests.Formats.Tensors;

/// <summary>Weights in safetensors files: of a run that was exported, and of PyTorch.</summary>
public sealed class NetworkWeightsTests : IDisposable
{
    private static readonly Weights s_weights = InitialWeights.Sample(MadeUp.Tiny, 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_read_in_any_order_and_counts_of_batches_are_passed_over()
    {
        Write([new Tensor("bn1.num_batches_tracked", TensorType.I64, [], new byte[8]), .. Tensors().Reverse()]);
        Assert.Equal(s_weights.Sha256, NetworkWeights.Read(_folder["w"], MadeUp.Tiny).Weights.Sha256);
    }

    [Theory]
    [InlineData("F16", 0x3C00, 1f)]
    [InlineData("F16", 0xC001, -2.001953125f)]
    [InlineData("BF16", 0x3F80, 1f)]
    [InlineData("BF16", 0xC049, -3.140625f)]
    public void Sixteen_bits_are_thirty_two_exactly(string type, int bits, float value)
    {
        Tensor[] tensors = Tensors();
        byte[] bytes = [.. Enumerable.Range(0, 3).SelectMany(_ => BitConverter.GetBytes((ushort)bits))];
        tensors[3] = new("output.bias", Enum.Parse<TensorType>(type, ignoreCase: true), [3], bytes);
        Write(tensors);
        Assert.Equal([value, value, value], NetworkWeights.Read(_folder["w"], MadeUp.Tiny).Weights[3].ToArray());
    }

    [Fact]
    public void Minus_zero_is_zero()
    {
        Tensor[] tensors = Tensors();
        tensors[1] = Tensor.Of("fc1.bias", [5], [-0f, 0, 1, 2, 3]);
        Write(tensors);
        Assert.Equal(0u, BitConverter.SingleToUInt32Bits(NetworkWeights.Read(_folder["w"], MadeUp.Tiny).Weights[1][0]));
    }

    [Fact]
    public void What_is_not_of_the_network_is_told_with_what_is()
    {
        const string Expected = "weights of mlp:7-5-3 are fc1.weight [5, 7], fc1.bias [5], output.weight [3, 5], output.bias [3], as PyTorch shapes them; --map THEIRS=OURS names others.";
        Tensor[] tensors = Tensors();
        Says($"has no output.bias; {Expected}", tensors[..3]);
        Says($"has a tensor 0.weight, which mlp:7-5-3 does not have (--map 0.weight= leaves it out); {Expected}", [.. tensors, Tensor.Of("0.weight", [2], [1f, 2f])]);
        Says($"has fc1.weight in the shape [7, 5], but the network's is [5, 7]; {Expected}", [Tensor.Of("fc1.weight", [7, 5], s_weights[0]), .. tensors[1..]]);
        Says("has a NaN at index 2 of output.bias; give the weights of a network whose training did not diverge.",
            [.. tensors[..3], Tensor.Of("output.bias", [3], [0, 1, float.NaN])]);
    }

    [Fact]
    public void A_file_that_is_none_is_told()
    {
        Assert.Contains("cannot be read", Refusal(_folder["nothing"]), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["out"]);
        Assert.Contains("it is a folder, not a file", Refusal(_folder["out"]), StringComparison.Ordinal);
    }

    private static Tensor[] Tensors() =>
        [.. MadeUp.Tiny.Parameters.Select((parameter, p) => Tensor.Of(parameter.Name, parameter.Shape, s_weights[p]))];

    private void Write(params Tensor[] tensors)
    {
        using var file = File.Create(_folder["w"]);
        file.Write(SafetensorsWriter.Write(tensors));
    }

    private void Says(string what, Tensor[] tensors)
    {
        Write(tensors);
        Assert.Equal($"{_folder["w"]} {what}", Refusal(_folder["w"]));
    }

    private static string Refusal(string path)
    {
        var wrong = Assert.Throws<UserException>(() => NetworkWeights.Read(path, MadeUp.Tiny));
        return wrong.Message;
    }
}
