using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Lottery.Numerics;

namespace Lottery.Networks;

/// <summary>One bit a prunable weight: set where the weight is kept. Biases have no bits.</summary>
public sealed class Mask : IEquatable<Mask>
{
    private readonly ImmutableArray<BitSet?> _bits;

    /// <summary>The mask of <paramref name="bits"/>, one set for each parameter (null where it is not prunable).</summary>
    /// <exception cref="ArgumentException">A set is missing, too many, or of another length than its parameter.</exception>
    public Mask(Network network, ImmutableArray<BitSet?> bits)
    {
        if (bits.Length != network.Parameters.Length)
            throw new ArgumentException($"{bits.Length} sets of bits are no mask for {network.Parameters.Length} parameters.", nameof(bits));
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            if (bits[i]?.Length != (parameter.Prunable ? parameter.Count : null))
                throw new ArgumentException($"The mask of {parameter.Name} does not have one bit a weight.", nameof(bits));
        }
        (Network, _bits) = (network, bits);
    }

    /// <summary>The network it belongs to.</summary>
    public Network Network { get; }

    /// <summary>The bits of the parameter at <paramref name="index"/> of <see cref="Network.Parameters"/>; null for a bias.</summary>
    public BitSet? this[int index] => _bits[index];

    /// <summary>The number of kept weights.</summary>
    public int Kept => _bits.Sum(bits => bits?.Count() ?? 0);

    /// <summary>Kept ÷ all prunable weights, 0–1; 1 where no weight is prunable.</summary>
    public double Density => Network.PrunableCount == 0 ? 1 : (double)Kept / Network.PrunableCount;

    /// <summary>
    /// What the mask is known by: SHA-256, in lower-case hexadecimal, over one byte a prunable weight in the network's
    /// order, 1 where it is kept and 0 where it is pruned.
    /// </summary>
    public string Sha256
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (BitSet bits in _bits.OfType<BitSet>()) hash.AppendData(bits.ToBytes());
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>The mask that keeps everything.</summary>
    public static Mask Full(Network network) =>
        new(network, [.. network.Parameters.Select(p => p.Prunable ? BitSet.Full(p.Count) : null)]);

    /// <summary>True where every pruned weight is 0 or −0: it does not act in the network.</summary>
    public bool IsZeroWherePruned(Weights weights)
    {
        for (int p = 0; p < _bits.Length; p++)
        {
            if (_bits[p] is not { } kept) continue;
            if (!IsZeroElsewhere(weights[p], kept)) return false;
        }
        return true;

        static bool IsZeroElsewhere(ReadOnlySpan<float> values, BitSet kept)
        {
            int i = 0;
            for (; i + 8 <= values.Length; i += 8)
            {
                uint zeros = Vector256.Equals(Vector256.Create(values[i..]), Vector256<float>.Zero).ExtractMostSignificantBits();
                if (((zeros | (uint)(kept.Words[i >> 6] >> i)) & 0xFF) != 0xFF) return false;
            }
            for (; i < values.Length; i++)
                if (values[i] != 0 && !kept[i]) return false;
            return true;
        }
    }

    /// <summary>True where every pruned weight has the same bits in both: it is frozen between them.</summary>
    public bool IsEqualWherePruned(Weights one, Weights other)
    {
        for (int p = 0; p < _bits.Length; p++)
        {
            if (_bits[p] is not { } kept) continue;
            ReadOnlySpan<uint> a = MemoryMarshal.Cast<float, uint>(one[p]), b = MemoryMarshal.Cast<float, uint>(other[p]);
            for (int i = 0; i < a.Length; i++)
                if (a[i] != b[i] && !kept[i]) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Mask? other) => other is not null && _bits.SequenceEqual(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mask);

    /// <inheritdoc/>
    public override int GetHashCode() => Kept;
}
