using System.Runtime.InteropServices;
using Lottery.Formats.Safetensors;
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

    private static Dictionary<string, Tensor> Read(SparseLayout layout) =>
        SafetensorsReader.Read((ReadOnlyMemory<byte>)SafetensorsWriter.Write(SparseTensors.Of(s_weights, s_mask, layout))).ToDictionary(tensor => tensor.Name);

    private static long[] Integers(Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.Bytes.Span).ToArray();
}
