using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Formats.Tensors;

/// <summary>
/// A mask in a file: for each prunable weight of the network a tensor of its name and shape, of 0 and 1 in any type; or the masks
/// that torch.nn.utils.prune keeps next to the weights, where a layer without one keeps its weights that are not 0.
/// </summary>
/// <param name="Mask">The mask.</param>
/// <param name="Notes">Sentences on what was done to names, and on layers of which nothing is kept.</param>
internal sealed record NetworkMask(Mask Mask, ImmutableArray<string> Notes)
{
    /// <summary>Reads the mask of <paramref name="network"/> in a file.</summary>
    /// <exception cref="UserException">The file is missing or damaged, or has no mask of the network.</exception>
    public static NetworkMask Read(string path, Network network, NameMap? map = null) =>
        NamedTensors.Guard(path, () => Of(NamedTensors.Read(path), network, map ?? NameMap.Empty));

    private static NetworkMask Of(NamedTensors file, Network network, NameMap map)
    {
        ImmutableArray<Parameter> prunable = [.. network.Parameters.Where(parameter => parameter.Prunable)];
        ParameterMatch match = ParameterMatch.Of(file, prunable, map, Wrong);
        bool isPruned = match.Entries.Any(entry => entry.Mask is not null);
        if (!isPruned && match.Rest.FirstOrDefault(entry => entry.Tensor.Count > 1) is { } other)
            throw Wrong($"has a tensor {other.Tensor.Name}, which is not a prunable weight of {network.Name} "
                + $"({string.Join(", ", prunable.Take(12).Select(parameter => parameter.Name))}{(prunable.Length > 12 ? ", …" : "")})");
        Dictionary<string, BitSet> bits = prunable.Zip(match.Entries).ToDictionary(pair => pair.First.Name, pair => Bits(pair.First, pair.Second));
        var mask = new Mask(network, [.. network.Parameters.Select(parameter => bits.GetValueOrDefault(parameter.Name))]);
        string empty = NetworkWeights.EmptyLayers(mask);
        return new(mask, empty.Length == 0 ? match.Notes : [.. match.Notes, $"{file.Path}:{empty}"]);

        BitSet Bits(Parameter parameter, StateEntry entry)
        {
            if (entry.Mask is not null || !isPruned) return NetworkWeights.MaskOf(file.Path, parameter, entry.Mask ?? entry.Tensor);
            var kept = new BitSet(parameter.Count);
            float[] values = entry.Tensor.Floats();
            for (int i = 0; i < values.Length; i++) kept[i] = values[i] != 0;
            return kept;
        }

        UserException Wrong(string what) => new($"{file.Path} {what}; give a mask of this network, as `lottery runs export` writes it.");
    }
}
