using System.Collections.Immutable;
using Lottery.Formats.Safetensors;
using Lottery.Networks;

namespace Lottery.Studies.Store;

/// <summary>
/// Weights from a safetensors file as <c>runs export</c> writes it, and as PyTorch writes it where its modules have the same names:
/// for each parameter of the network a tensor of its name and shape, F32, F16 or BF16. PyTorch's counts of batches
/// (<c>num_batches_tracked</c>) are skipped.
/// </summary>
internal static class WeightsFile
{
    private const string BatchCount = ".num_batches_tracked";

    /// <summary>Reads the weights of <paramref name="network"/> in a file; −0, which other tools make of masked negative weights, is read as 0.</summary>
    /// <exception cref="UserException">The file is missing or not a safetensors file, or does not have the weights of the network.</exception>
    public static Weights Read(string path, Network network)
    {
        if (Directory.Exists(path)) throw new UserException($"{path} is a folder; name a safetensors file in it.");
        Tensor[] tensors =
            [.. SafetensorsReader.Read(path).Where(tensor => !tensor.Name.EndsWith(BatchCount, StringComparison.Ordinal))];
        if (tensors.FirstOrDefault(tensor => network.Parameters.All(parameter => parameter.Name != tensor.Name)) is { } other)
            throw Wrong($"has a tensor {other.Name}");
        var weights = new Weights(network);
        for (int p = 0; p < network.Parameters.Length; p++) Values(network.Parameters[p]).CopyTo(weights[p]);
        return weights;

        float[] Values(Parameter parameter)
        {
            if (tensors.FirstOrDefault(tensor => tensor.Name == parameter.Name) is not { } tensor)
                throw Wrong($"has no {parameter.Name}");
            if (!tensor.Shape.SequenceEqual(parameter.Shape))
                throw Wrong($"has {parameter.Name} in the shape [{Format(tensor.Shape)}]");
            if (!tensor.Type.IsFloat())
                throw Wrong($"has {parameter.Name} as {tensor.Type.ToString().ToUpperInvariant()} and not as floats");
            float[] values = tensor.Floats();
            for (int i = 0; i < values.Length; i++)
                values[i] = float.IsFinite(values[i]) ? values[i] + 0.0f : throw new UserException(
                    $"{path} has a {values[i]} at index {i} of {parameter.Name}; give the weights of a network whose training did not diverge.");
            return values;
        }

        UserException Wrong(string what) => new($"{path} {what}; weights of {network.Name} are "
            + $"{string.Join(", ", network.Parameters.Select(parameter => $"{parameter.Name} [{Format(parameter.Shape)}]"))}, as PyTorch shapes them.");
    }

    private static string Format(ImmutableArray<int> shape) => string.Join(", ", shape);
}
