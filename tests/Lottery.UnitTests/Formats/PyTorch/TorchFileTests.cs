using System.IO.Compression;
using System.Text;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Tensors;
using Lottery.Fuzz.Targets;

namespace Lottery.UnitTests.Formats.PyTorch;

/// <summary>Files of <c>torch.save</c> are read as data: nothing is executed, and no length is believed.</summary>
public sealed class TorchFileTests : IDisposable
{
    private static readonly Tensor[] s_tensors = [Tensor.Of("fc1.weight", [2, 3], [1, 2, 3, 4, 5, 6])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    public void A_pickle_that_asks_for_anything_else_is_refused_by_name(string module, string function)
    {
        string marker = _folder["marker"];
        byte[] pickle = TorchSample.Calling(module, function, $"touch {marker}");
        Assert.EndsWith($"it asks for {module}.{function}, which is refused, and nothing of it was executed; save model.state_dict() alone.", Refusal(TorchSample.Zip(pickle, s_tensors)), StringComparison.Ordinal);
        Assert.Contains($"it asks for {module}.{function}", Refusal(pickle), StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
    }

    /// <summary>Protocol 4, as newer versions may write it, with a tensor whose values lie column by column.</summary>
    [Fact]
    public void Strides_are_followed()
    {
        byte[] pickle = TorchSample.Pickle(s_tensors);
        // The shape (2, 3) with strides (1, 2) instead of (3, 1).
        byte[] strides = [(byte)'J', 3, 0, 0, 0, (byte)'J', 1, 0, 0, 0, (byte)'t'];
        int at = pickle.AsSpan().IndexOf(strides);
        (pickle[at + 1], pickle[at + 6]) = (1, 2);
        Assert.Equal([1, 3, 5, 2, 4, 6], Read(TorchSample.Zip(pickle, s_tensors)).Floats());
        pickle[at + 6] = 3;
        Assert.Contains("reaches beyond its storage", Refusal(TorchSample.Zip(pickle, s_tensors)), StringComparison.Ordinal);
    }

    /// <summary>A dictionary of four tensors that <c>torch.save</c> of PyTorch 2.10 wrote (libtorch): strided, double, bfloat16, half.</summary>
    [Fact]
    public void A_file_of_PyTorch_2_10_is_read()
    {
        using Stream written = typeof(TorchFileTests).Assembly.GetManifestResourceStream("pytorch-2.10.pt")!;
        using (FileStream file = File.Create(_folder["w.pt"])) written.CopyTo(file);
        NamedTensors read = NamedTensors.Read(_folder["w.pt"]);
        Assert.Equal(["fc1.weight [3, 4]", "fc1.bias [3]", "output.weight [2, 3]", "output.bias [2]"], read.Tensors.Select(tensor => tensor.Described));
        Assert.Equal([0, 0.375f, 0.75f, 1.125f, 0.125f, 0.5f, 0.875f, 1.25f, 0.25f, 0.625f, 1, 1.375f], read.Tensors[0].Floats());
        Assert.Equal([0.5f, -1, 0.25f], read.Tensors[1].Floats());
        Assert.Equal([-2, -1, 0, 1, 2, 3], read.Tensors[2].Floats());
        Assert.Equal([1.5f, -2], read.Tensors[3].Floats());
    }

    [Fact]
    public void A_tensor_of_a_billion_values_of_one_is_refused()
    {
        byte[] pickle = TorchSample.Pickle([new("fc1.weight", TensorType.F32, [1 << 15, 1 << 15], new byte[4])]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("beyond its storage", Refusal(TorchSample.Zip(pickle, [Tensor.Of("w", [1], [1f])])), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void An_archive_that_unpacks_to_more_than_it_should_is_not_unpacked()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream pickle = archive.CreateEntry("some/data.pkl").Open()) pickle.Write(TorchSample.Pickle(s_tensors));
            using Stream storage = archive.CreateEntry("some/data/0", CompressionLevel.SmallestSize).Open();
            for (int i = 0; i < 256; i++) storage.Write(new byte[1 << 18]);
        }
        byte[] file = stream.ToArray();
        Assert.InRange(file.Length, 0, 1 << 17);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("has 67,108,864 bytes, and at most 24 are possible", Refusal(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 21);
    }

    [Theory]
    [InlineData("some/constants.pkl", "it is a TorchScript program")]
    [InlineData("other/data.pkl", "it has 2 members called data.pkl")]
    public void Other_archives_are_told_apart(string member, string what)
    {
        using var stream = new MemoryStream(TorchSample.Zip(s_tensors).ToArray().Length);
        stream.Write(TorchSample.Zip(s_tensors));
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true)) archive.CreateEntry(member);
        Assert.Contains(what, Refusal(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_state_dictionary_is_told()
    {
        Assert.Contains("it holds no dictionary; save model.state_dict()", Refusal(TorchSample.Zip([0x80, 2, (byte)'N', (byte)'.'], [])), StringComparison.Ordinal);
        Assert.Contains("it holds no tensors by name", Refusal(TorchSample.Zip([0x80, 2, (byte)'}', (byte)'.'], [])), StringComparison.Ordinal);
        Assert.Contains("it is a pickle, but not of torch.save", Refusal([0x80, 2, (byte)'N', (byte)'.']), StringComparison.Ordinal);
        Assert.Contains("it ends too early", Refusal(TorchSample.Zip([0x80, 2, (byte)'X', 255, 255, 255, 127], [])), StringComparison.Ordinal);
        Assert.Contains("it is one array without a name", Refusal([0x93, .. "NUMPY"u8, 1, 0]), StringComparison.Ordinal);
        Assert.Contains("it is an HDF5 file", Refusal([0x89, .. "HDF\r\n\u001a\n"u8]), StringComparison.Ordinal);
        Assert.Contains("it has the instruction 0x82", Refusal(TorchSample.Zip([0x80, 2, 0x82, 1, (byte)'.'], [])), StringComparison.Ordinal);
    }

    /// <summary>A list that is given to a call again and again would become more than the file each time.</summary>
    [Fact]
    public void A_pickle_that_repeats_itself_is_refused()
    {
        var pickle = new List<byte> { 0x80, 2, (byte)']', (byte)'(' };
        for (int i = 0; i < 1_000; i++) pickle.AddRange([(byte)'U', 2, .. Encoding.ASCII.GetBytes($"{i % 100:00}"), (byte)'K', 1, 0x86]);
        pickle.AddRange([(byte)'e', (byte)'q', 0, (byte)'0']);
        for (int i = 0; i < 1_000; i++) pickle.AddRange([.. "ccollections\nOrderedDict\n"u8, (byte)'h', 0, 0x85, (byte)'R', (byte)'0']);
        pickle.AddRange([(byte)'N', (byte)'.']);
        Assert.Contains("it repeats itself", Refusal(TorchSample.Zip([.. pickle], [])), StringComparison.Ordinal);
    }

    private StoredTensor Read(byte[] file)
    {
        File.WriteAllBytes(_folder["w.pth"], file);
        return NamedTensors.Read(_folder["w.pth"]).Tensors[0];
    }

    private string Refusal(byte[] file)
    {
        File.WriteAllBytes(_folder["w.pth"], file);
        return Assert.Throws<UserException>(() => NamedTensors.Guard(_folder["w.pth"], () => NamedTensors.Read(_folder["w.pth"]).Tensors[0].Floats())).Message;
    }
}
