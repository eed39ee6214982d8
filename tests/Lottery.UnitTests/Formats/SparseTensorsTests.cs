using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Formats.Npz;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Tensors;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Formats;

/// <summary>Compressed rows and coordinates hold exactly the kept weights, as SciPy and PyTorch read them.</summary>
public sealed class SparseTensorsTests
{
    private static readonly Weights s_weights = new SparseNetwork(ImageNetworks.All["plain"], 0.3, 1).Weights;

    private static readonly Mask s_mask = new(s_weights.Network, [.. s_weights.Network.Parameters.Select((parameter, p) =>
    {
        if (!parameter.Prunable) return null;
        var bits = new BitSet(parameter.Count);
        for (int i = 0; i < bits.Length; i++) bits[i] = s_weights[p][i] != 0;
        return bits;
    })]);

    [Fact]
    public void Compressed_rows_are_the_weights()
    {
        Dictionary<string, Tensor> tensors = Read(SparseLayout.Csr);
        foreach ((int p, Parameter parameter) in s_weights.Network.Parameters.Index().Where(one => one.Item.Prunable))
        {
            long[] rows = Integers(tensors[$"{parameter.Name}.crow_indices"]), columns = Integers(tensors[$"{parameter.Name}.col_indices"]);
            float[] values = tensors[$"{parameter.Name}.values"].Floats(), dense = new float[parameter.Count];
            Assert.Equal(s_mask[p]!.Count(), values.Length);
            for (int row = 0; row < parameter.Shape[0]; row++)
                for (long i = rows[row]; i < rows[row + 1]; i++) dense[row * (parameter.Count / parameter.Shape[0]) + columns[i]] = values[i];
            Assert.Equal(s_weights[p].ToArray(), dense);
            Assert.Equal(parameter.Shape.Select(size => (long)size), Integers(tensors[$"{parameter.Name}.shape"]));
        }
        Assert.Equal(s_weights[1].ToArray(), tensors["conv1.bias"].Floats());
    }

    [Fact]
    public void Coordinates_are_the_weights()
    {
        Dictionary<string, Tensor> tensors = Read(SparseLayout.Coo);
        foreach ((int p, Parameter parameter) in s_weights.Network.Parameters.Index().Where(one => one.Item.Prunable))
        {
            long[] indices = Integers(tensors[$"{parameter.Name}.indices"]);
            float[] values = tensors[$"{parameter.Name}.values"].Floats(), dense = new float[parameter.Count];
            Assert.Equal([parameter.Shape.Length, values.Length], tensors[$"{parameter.Name}.indices"].Shape);
            for (int i = 0; i < values.Length; i++)
            {
                long place = 0;
                for (int d = 0; d < parameter.Shape.Length; d++) place = place * parameter.Shape[d] + indices[d * values.Length + i];
                dense[place] = values[i];
            }
            Assert.Equal(s_weights[p].ToArray(), dense);
        }
    }

    [Theory]
    [InlineData(SparseLayout.Csr)]
    [InlineData(SparseLayout.Coo)]
    internal void They_are_read_back_from_safetensors_and_npz(SparseLayout layout)
    {
        using var folder = new TemporaryFolder();
        ImmutableArray<Tensor> tensors = SparseTensors.Of(s_weights, s_mask, layout);
        foreach (byte[] file in (byte[][])[SafetensorsWriter.Write(tensors), NpzWriter.Write(tensors)])
        {
            File.WriteAllBytes(folder["sparse"], file);
            NetworkWeights read = NetworkWeights.Read(folder["sparse"], s_weights.Network);
            Assert.Equal(s_weights.Sha256, read.Weights.Sha256);
            Assert.Equal(s_mask, read.Mask);
        }
    }

    [Theory]
    [InlineData("crow_indices", 0, 1, "has indices that do not fit its values")]
    [InlineData("crow_indices", 1, 3, "has rows that are not in order")]
    [InlineData("col_indices", 0, 4, "has an index beyond its shape")]
    [InlineData("col_indices", 1, 0, "has two values in one place")]
    [InlineData("shape", 0, 3, "has indices that do not fit its values")]
    [InlineData("shape", 1, 1L << 40, "has an impossible shape")]
    [InlineData("indices", 0, 2, "has an index beyond its shape")]
    [InlineData("indices", 3, -1, "has an index beyond its shape")]
    public void Indices_that_do_not_fit_are_refused(string part, int at, long number, string what)
    {
        using var folder = new TemporaryFolder();
        var parts = new Dictionary<string, long[]>
        {
            ["shape"] = [2, 4], ["indices"] = [0, 1, 0, 3],
        };
        if (part != "indices")
        {
            parts.Remove("indices");
            (parts["crow_indices"], parts["col_indices"]) = ([0, 2, 2], [0, 3]);
        }
        parts[part][at] = number;
        Tensor[] tensors =
        [
            Tensor.Of("w.values", [2], [1f, 2f]),
            .. parts.Select(one => new Tensor($"w.{one.Key}", TensorType.I64, [one.Value.Length], MemoryMarshal.AsBytes<long>(one.Value).ToArray())),
        ];
        File.WriteAllBytes(folder["w.safetensors"], SafetensorsWriter.Write(tensors));
        string message = Assert.Throws<UserException>(() => NamedTensors.Guard(folder["w.safetensors"], () => NamedTensors.Read(folder["w.safetensors"]).Tensors.Single().Floats())).Message;
        Assert.Contains($"the sparse tensor w {what}", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Read(SparseLayout layout) =>
        SafetensorsReader.Read((ReadOnlyMemory<byte>)SafetensorsWriter.Write(SparseTensors.Of(s_weights, s_mask, layout))).ToDictionary(tensor => tensor.Name);

    private static long[] Integers(Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.Bytes.Span).ToArray();
}
