using System.Collections.Immutable;
using System.Globalization;
using Lottery.Formats.Onnx;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Formats.Tensors;

/// <summary>
/// A network's weights, and its mask where the file has one. Zeros in prunable layers are pruned weights: other programs keep
/// what they pruned as 0. One rule serves every command: a weight is kept if its mask (of torch.nn.utils.prune) is 1, or, if
/// there is none, if it is not 0.
/// </summary>
/// <param name="Weights">The weights; 0 where the mask prunes.</param>
/// <param name="Unmasked">The weights as stored: of torch.nn.utils.prune also those that the mask prunes.</param>
/// <param name="Mask">The weights that are kept; null if all are.</param>
/// <param name="Notes">Sentences on what was done to names.</param>
/// <param name="MaskNote">A sentence on where the mask comes from; null if there is none.</param>
internal sealed record NetworkWeights(Weights Weights, Weights Unmasked, Mask? Mask, ImmutableArray<string> Notes, string? MaskNote)
{
    private const int Listed = 12;

    /// <summary>Reads the weights of <paramref name="network"/> in a file.</summary>
    /// <exception cref="UserException">The file is missing or damaged, or does not have the weights of the network.</exception>
    public static NetworkWeights Read(string path, Network network, NameMap? map = null) =>
        NamedTensors.Guard(path, () => Of(NamedTensors.Read(path), network, map ?? NameMap.Empty));

    /// <summary>The weights of an ONNX model.</summary>
    public static NetworkWeights Of(string path, OnnxModel model)
    {
        Weights weights = model.Weights;
        BitSet?[] bits = [.. weights.Network.Parameters.Select((parameter, p) => parameter.Prunable ? Nonzero(weights[p]) : null)];
        return Of(path, weights, weights, bits, model.Notes.Select(note => $"{path}: {note}"), []);
    }

    private static NetworkWeights Of(NamedTensors file, Network network, NameMap map)
    {
        ParameterMatch match = ParameterMatch.Of(file, network.Parameters, map, Wrong);
        if (match.Rest.FirstOrDefault(entry => entry.Tensor.Count > 1) is { } other)
            throw Wrong($"has a tensor {other.Tensor.Name}, which {network.Name} does not have (--map {other.Name}= leaves it out)");
        var notes = match.Notes.ToBuilder();
        if (!match.Rest.IsEmpty) notes.Add($"{file.Path}: {string.Join(", ", match.Rest.Select(entry => entry.Tensor.Name))} {(match.Rest.Length == 1 ? "is" : "are")} of no layer and left out.");
        (Weights weights, Weights unmasked) = (new(network), new(network));
        var bits = new BitSet?[network.Parameters.Length];
        var masked = new List<string>();
        for (int p = 0; p < bits.Length; p++)
        {
            (Parameter parameter, StateEntry entry) = (network.Parameters[p], match.Entries[p]);
            Copy(file.Path, parameter, entry, unmasked[p]);
            unmasked[p].CopyTo(weights[p]);
            if (entry.Mask is null)
            {
                if (parameter.Prunable) bits[p] = Nonzero(weights[p]);
                continue;
            }
            BitSet kept = MaskOf(file.Path, parameter, entry.Mask);
            for (int i = 0; i < kept.Length; i++)
                if (!kept[i]) weights[p][i] = 0;
            masked.Add(parameter.Name);
            // Where the network prunes nothing, zeros are weights like others.
            if (parameter.Prunable) bits[p] = kept;
        }
        return Of(file.Path, weights, unmasked, bits, notes, masked);

        UserException Wrong(string what) => new($"{file.Path} {what}; weights of {network.Name} are {Expected(network)}, as PyTorch shapes them; "
            + "--map THEIRS=OURS names others.");
    }

    private static NetworkWeights Of(string path, Weights weights, Weights unmasked, BitSet?[] bits, IEnumerable<string> notes, List<string> masked)
    {
        var mask = new Mask(weights.Network, [.. bits]);
        if (mask.Kept == weights.Network.PrunableCount) return new(weights, unmasked, null, [.. notes], null);
        string density = mask.Density.ToString("P1", CultureInfo.InvariantCulture);
        string pruned = (weights.Network.PrunableCount - mask.Kept).ToString("N0", CultureInfo.InvariantCulture);
        string of = weights.Network.PrunableCount.ToString("N0", CultureInfo.InvariantCulture);
        string note = masked.Count > 0
            ? $"{path}: the masks of torch.nn.utils.prune ({string.Join(", ", masked)}) were read with the weights: {pruned} of {of} weights are pruned, density {density}."
            : $"{path}: {pruned} of {of} weights are 0, and pruned weights are stored so: they are the mask, density {density}; --mask states another.";
        return new(weights, unmasked, mask, [.. notes], $"{note}{EmptyLayers(mask)}");
    }

    /// <summary>A sentence on layers of which nothing is kept; empty if there are none.</summary>
    public static string EmptyLayers(Mask mask)
    {
        string[] empty = [.. mask.Network.Parameters.Where((_, p) => mask[p] is { } bits && bits.Count() == 0).Select(parameter => parameter.Name)];
        return empty.Length == 0 ? "" : $" No weight of {string.Join(", ", empty)} is kept, so that only biases act there.";
    }

    /// <summary>The mask of a parameter.</summary>
    /// <exception cref="UserException">Its shape is another.</exception>
    /// <exception cref="InvalidDataException">It is made of other values than 0 and 1.</exception>
    public static BitSet MaskOf(string path, Parameter parameter, StoredTensor mask)
    {
        if (!mask.Shape.SequenceEqual(parameter.Shape))
            throw new UserException($"{path} has {mask.Described}, but the weights that it masks are {parameter.Name} [{string.Join(", ", parameter.Shape)}]; give a complete file.");
        try
        {
            return mask.Bits();
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"{path} {wrong.Message}; give a mask of this network, as `lottery runs export` writes it.", wrong);
        }
    }

    private static BitSet Nonzero(ReadOnlySpan<float> values)
    {
        var bits = new BitSet(values.Length);
        for (int i = 0; i < values.Length; i++) bits[i] = values[i] != 0;
        return bits;
    }

    private static void Copy(string path, Parameter parameter, StateEntry entry, Span<float> target)
    {
        float[] values;
        try
        {
            values = entry.Tensor.Floats();
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"{path} {wrong.Message}.", wrong);
        }
        // −0, which other tools make of masked negative weights, is 0.
        for (int i = 0; i < values.Length; i++)
            target[i] = float.IsFinite(values[i]) ? values[i] + 0.0f : throw new UserException(
                $"{path} has a {values[i].ToString(CultureInfo.InvariantCulture)} at index {i} of {entry.Tensor.Name}; give the weights of a network whose training did not diverge.");
    }

    private static string Expected(Network network) =>
        string.Join(", ", network.Parameters.Take(Listed).Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]"))
        + (network.Parameters.Length > Listed ? $" and {network.Parameters.Length - Listed} more (`lottery network show {network.Name}`)" : "");
}
