using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Studies.Identity;
using Lottery.Studies.Settings;
using Lottery.Formats.Tensors;
using Lottery.Studies.Store;
using Lottery.UnitTests.Masks;

namespace Lottery.UnitTests.Formats.Tensors;

/// <summary>Masks from files and runs, and everything that can be wrong with them.</summary>
public sealed class NetworkMaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorType.Bool)]
    [InlineData(TensorType.U8)]
    public void A_mask_is_read_in_either_type(TensorType type)
    {
        Mask mask = MadeUp.MaskOf(MadeUp.Next(MadeUp.Dense()));
        Write(Bits(mask, 2, type), Bits(mask, 0, type));
        Assert.Equal(mask, NetworkMask.Read(_folder["mask"], MadeUp.Tiny).Mask);
    }

    [Fact]
    public void What_export_writes_is_read()
    {
        var store = new RunStore(_folder["store"]) { Initial = MadeUp.Initial };
        Specifications.RunSpecification dense = MadeUp.Dense(), ticket = MadeUp.Next(dense);
        MadeUp.Keep(store, dense);
        MadeUp.Keep(store, ticket);
        store.Export(RunIdentity.Of(ticket), _folder["out"]);
        Assert.Equal(MadeUp.MaskOf(ticket), NetworkMask.Read(Path.Combine(_folder["out"], "mask.safetensors"), MadeUp.Tiny).Mask);
        Assert.Contains("has a tensor fc1.bias", Refusal(() => NetworkMask.Read(Path.Combine(_folder["out"], "final.safetensors"), MadeUp.Tiny).Mask), StringComparison.Ordinal);
        Assert.EndsWith("is a folder; name the mask.safetensors in it.", Refusal(() => new StartingPointReader(store).ReadMask(_folder["out"], MadeUp.Tiny)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_told()
    {
        Mask mask = Mask.Full(MadeUp.Tiny);
        Tensor fc = Bits(mask, 0, TensorType.Bool), output = Bits(mask, 2, TensorType.Bool);
        Says("has no output.weight;", fc);
        Says("has a tensor fc2.weight, which is not a prunable weight of mlp:7-5-3 (fc1.weight, output.weight);", fc, output, fc with { Name = "fc2.weight" });
        Says("has fc1.weight in the shape [7, 5], but the network's is [5, 7];", fc with { Shape = [7, 5] }, output);
        Says("has fc1.weight in the shape [35], but the network's is", fc with { Shape = [35] }, output);
        Says("has 0.5 at index 1 of fc1.weight, but a mask is made of 0 and 1;", Tensor.Of("fc1.weight", [5, 7], [0, 0.5f, .. new float[33]]), output);
        Says("has 2 at index 3 of output.weight, but a mask is made of 0 and 1;", fc, output with { Bytes = new byte[] { 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } });
    }

    [Fact]
    public void A_file_that_is_none_is_told_without_being_believed()
    {
        File.WriteAllText(_folder["mask"], "not a safetensors file at all");
        Assert.Contains("does not fit into the file", Refusal(() => NetworkMask.Read(_folder["mask"], MadeUp.Tiny).Mask), StringComparison.Ordinal);
        File.WriteAllBytes(_folder["mask"], [255, 255, 255, 255, 255, 255, 255, 127, 1, 2, 3]);
        Assert.Contains("does not fit into the file", Refusal(() => NetworkMask.Read(_folder["mask"], MadeUp.Tiny).Mask), StringComparison.Ordinal);
        File.WriteAllBytes(_folder["mask"], []);
        Assert.Contains("shorter than 8 bytes", Refusal(() => NetworkMask.Read(_folder["mask"], MadeUp.Tiny).Mask), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_named_by_the_beginning_of_its_id()
    {
        var store = new RunStore(_folder["store"]) { Initial = MadeUp.Initial };
        var masks = new StartingPointReader(store);
        string[] ids = [.. Enumerable.Range(1, 30).Select(seed => MadeUp.Dense((ulong)seed)).Select(run =>
        {
            MadeUp.Keep(store, run);
            return RunIdentity.Of(run);
        })];
        Assert.Equal(MadeUp.MaskOf(MadeUp.Dense(3)), masks.ReadMask(ids[2], MadeUp.Tiny));
        Assert.Contains("give more of the id", Refusal(() => masks.ReadMask(ids.GroupBy(id => id[0]).First(same => same.Count() > 1).Key.ToString(), MadeUp.Tiny)), StringComparison.Ordinal);
        Assert.Contains("No finished run", Refusal(() => masks.ReadMask("0123456789abcdef", MadeUp.Tiny)), StringComparison.Ordinal);
        Assert.Contains("There is no file nothing.safetensors", Refusal(() => masks.ReadMask("nothing.safetensors", MadeUp.Tiny)), StringComparison.Ordinal);
        Assert.Contains("has a mask of mlp:7-5-3, and the network is mlp:7-5-2", Refusal(() => masks.ReadMask(ids[0], SomeLayers.Network)), StringComparison.Ordinal);
    }

    private static Tensor Bits(Mask mask, int parameter, TensorType type) =>
        new(mask.Network.Parameters[parameter].Name, type, mask.Network.Parameters[parameter].Shape, mask[parameter]!.ToBytes());

    private void Write(params Tensor[] tensors) => File.WriteAllBytes(_folder["mask"], SafetensorsWriter.Write(tensors));

    private void Says(string what, params Tensor[] tensors)
    {
        Write(tensors);
        string sentence = Refusal(() => NetworkMask.Read(_folder["mask"], MadeUp.Tiny).Mask);
        Assert.StartsWith($"{_folder["mask"]} {what}", sentence, StringComparison.Ordinal);
        Assert.EndsWith("; give a mask of this network, as `lottery runs export` writes it.", sentence, StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> read)
    {
        var wrong = Assert.Throws<UserException>(read);
        return wrong.Message;
    }
}
