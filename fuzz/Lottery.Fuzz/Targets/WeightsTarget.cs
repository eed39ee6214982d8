using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Tensors;
using Lottery.Networks;

namespace Lottery.Fuzz.Targets;

/// <summary>Weights of a small network in files of other programs.</summary>
internal abstract class WeightsTarget : Target
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:4-3-2");

    /// <summary>The weights of the network, with a tensor that is not used.</summary>
    protected static ImmutableArray<Tensor> Plain { get; } =
        [.. NetworkTensors.Of(InitialWeights.Sample(s_network, 1)), new("steps", TensorType.I64, [1], new byte[8])];

    /// <summary>The same under other names, with a mask next to the values, in double precision and as integers.</summary>
    protected static ImmutableArray<Tensor> Pruned { get; } =
    [
        Plain[0] with { Name = "module.0.weight_orig" }, new("module.0.weight_mask", TensorType.U8, [3, 4], new byte[] { 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1 }),
        new("module.0.bias", TensorType.F64, [3], MemoryMarshal.AsBytes<double>([0.5, -1, 0]).ToArray()),
        Plain[2] with { Name = "module.2.weight" }, new("module.2.bias", TensorType.I32, [2], MemoryMarshal.AsBytes<int>([1, -2]).ToArray()),
    ];

    /// <summary>The weights that the mask keeps, listed one by one.</summary>
    protected static ImmutableArray<Tensor> Sparse(SparseLayout layout)
    {
        var weights = InitialWeights.Sample(s_network, 1);
        var mask = Mask.Full(s_network);
        for (int p = 0; p < s_network.Parameters.Length; p++)
            for (int i = 0; i < mask[p]?.Length; i += 3)
            {
                mask[p]![i] = false;
                weights[p][i] = 0;
            }
        return SparseTensors.Of(weights, mask, layout);
    }

    public override void Read(Case file, string folder)
    {
        string path = Path.Combine(folder, file.File);
        NetworkWeights read = NetworkWeights.Read(path, s_network);
        for (int p = 0; p < s_network.Parameters.Length; p++)
            foreach (float value in read.Weights[p]) Require(float.IsFinite(value), "a value is not finite");
        Require(read.Mask is null || read.Mask.IsZeroWherePruned(read.Weights), "a pruned weight is not 0");
        NetworkWeights again = Again(read.Unmasked, path);
        Require(again.Weights.Sha256 == read.Unmasked.Sha256, "what was read is written as something else");
    }

    // A pickle's instruction of a byte is a value; a member of an archive is unpacked in steps.
    public override long MostAllocated(Case file) => (4 << 20) + 1024L * file.Content.Length;

    /// <summary>Puts members into an archive.</summary>
    protected static byte[] Zip(IEnumerable<(string Name, byte[] Content)> members, Dice dice)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
            foreach ((string name, byte[] content) in members)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name, dice.OneIn(2) ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
                entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream member = entry.Open();
                member.Write(content);
            }
        return stream.ToArray();
    }

    private static NetworkWeights Again(Weights weights, string path)
    {
        File.WriteAllBytes(path + ".again", SafetensorsWriter.Write(NetworkTensors.Of(weights)));
        return NetworkWeights.Read(path + ".again", s_network);
    }
}
