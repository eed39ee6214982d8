using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Lottery.Networks;

/// <summary>A value for every parameter of a network, in full shape and row-major order (outputs first).</summary>
/// <remarks>The form in which weights leave the engine: for scoring, rewinding, storing and exporting.</remarks>
public sealed class Weights
{
    private readonly ImmutableArray<float[]> _values;

    /// <summary>All zero.</summary>
    public Weights(Network network)
    {
        Network = network;
        _values = [.. network.Parameters.Select(parameter => new float[parameter.Count])];
    }

    /// <summary>The network they belong to.</summary>
    public Network Network { get; }

    /// <summary>The values of the parameter at <paramref name="index"/> of <see cref="Network.Parameters"/>.</summary>
    public Span<float> this[int index] => _values[index];

    /// <summary>
    /// What they are known by: SHA-256, in lower-case hexadecimal, over every value in the network's order, pruned ones
    /// included, as 32-bit floats, little-endian.
    /// </summary>
    public string Sha256
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (float[] values in _values) hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>A copy that shares nothing.</summary>
    public Weights Clone()
    {
        var copy = new Weights(Network);
        for (int i = 0; i < _values.Length; i++) _values[i].CopyTo(copy._values[i], 0);
        return copy;
    }
}
