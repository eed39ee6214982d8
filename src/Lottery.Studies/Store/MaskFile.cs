using System.Collections.Immutable;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Studies.Store;

/// <summary>
/// A mask from a safetensors file as <c>runs export</c> writes it: for each prunable weight of the network a tensor of its
/// name and shape, BOOL or U8, 1 where the weight is kept and 0 where it is pruned.
/// </summary>
internal static class MaskFile
{
    /// <summary>Reads the mask of <paramref name="network"/> in a file.</summary>
    /// <exception cref="UserException">The file is missing or not a safetensors file, or is not a mask of the network.</exception>
    public static Mask Read(string path, Network network)
    {
        ImmutableArray<Tensor> tensors = SafetensorsReader.Read(path);
        Parameter[] prunable = [.. network.Parameters.Where(parameter => parameter.Prunable)];
        if (tensors.FirstOrDefault(tensor => prunable.All(parameter => parameter.Name != tensor.Name)) is { } other)
            throw Wrong($"has a tensor {other.Name}, which is not a prunable weight of {network.Name} "
                + $"({string.Join(", ", prunable.Select(parameter => parameter.Name))})");
        return new(network, [.. network.Parameters.Select(parameter => parameter.Prunable ? Bits(parameter) : null)]);

        BitSet Bits(Parameter parameter)
        {
            if (tensors.FirstOrDefault(tensor => tensor.Name == parameter.Name) is not { } tensor)
                throw Wrong($"has no {parameter.Name}");
            if (tensor.Type is not (TensorType.Bool or TensorType.U8))
                throw Wrong($"has {parameter.Name} as {tensor.Type.ToString().ToUpperInvariant()}, but a mask is BOOL or U8");
            if (!tensor.Shape.SequenceEqual(parameter.Shape))
                throw Wrong($"has {parameter.Name} in the shape [{Format(tensor.Shape)}], but that of {network.Name} is [{Format(parameter.Shape)}]");
            return Checked(parameter.Name, tensor.Bytes.Span);
        }

        BitSet Checked(string name, ReadOnlySpan<byte> values)
        {
            var bits = new BitSet(values.Length);
            for (int i = 0; i < values.Length; i++)
                bits[i] = values[i] <= 1 ? values[i] == 1
                    : throw Wrong($"has a {values[i]} at index {i} of {name}, but a mask is made of 0 and 1");
            return bits.Count() > 0 ? bits : throw Wrong($"keeps no weight of {name}, but every layer keeps one at least");
        }

        UserException Wrong(string what) => new($"{path} {what}; give a mask of this network, as `lottery runs export` writes it.");
    }

    private static string Format(ImmutableArray<int> shape) => string.Join(", ", shape);
}
