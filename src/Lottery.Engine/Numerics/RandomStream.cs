using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Lottery.Numerics;

/// <summary>
/// The random numbers of one purpose (the initial weights of a layer, the order of an epoch, …): a key derived from a seed
/// and a name, and a value for every index. Streams with different names are independent.
/// </summary>
/// <remarks>
/// The key is the first eight bytes, read as two little-endian words, of SHA-256("lottery/1/SEED/NAME") in UTF-8.
/// Index i is the counter (i mod 2³², i ÷ 2³², 0, 0). Every distribution uses exactly one counter for a value.
/// </remarks>
public readonly struct RandomStream
{
    private readonly uint _key0, _key1;

    /// <summary>The stream of <paramref name="name"/> (for example <c>initial/fc1.weight</c>) under a seed.</summary>
    /// <remarks>Allocates nothing for names of up to 150 characters.</remarks>
    public RandomStream(ulong seed, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<byte> start = "lottery/1/"u8;
        const int SeedAndSlash = 21;
        int most = start.Length + SeedAndSlash + Encoding.UTF8.GetMaxByteCount(name.Length);
        Span<byte> label = most <= 512 ? stackalloc byte[512] : new byte[most];
        start.CopyTo(label);
        seed.TryFormat(label[start.Length..], out int digits, provider: CultureInfo.InvariantCulture);
        int length = start.Length + digits;
        label[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(name, label[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(label[..length], hash);
        _key0 = BinaryPrimitives.ReadUInt32LittleEndian(hash);
        _key1 = BinaryPrimitives.ReadUInt32LittleEndian(hash[4..]);
    }

    /// <summary>What the streams of draw D begin with: <paramref name="purpose"/> where D is 0, otherwise <c>PURPOSE/draw-D</c>.</summary>
    internal static string OfDraw(string purpose, int draw) => draw == 0 ? purpose : string.Create(CultureInfo.InvariantCulture, $"{purpose}/draw-{draw}");

    /// <summary>64 uniform random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(long index)
    {
        Philox.Block block = Philox.At(new((uint)index, (uint)(index >> 32), 0, 0), _key0, _key1);
        return ((ulong)block.X0 << 32) | block.X1;
    }

    /// <summary>The key of the generator.</summary>
    internal (uint Key0, uint Key1) Key => (_key0, _key1);

    /// <summary>
    /// 32 uniform random bits. All four words of a counter are used, in blocks of 64 positions:
    /// word (i ÷ 16) mod 4 of counter 16 × (i ÷ 64) + i mod 16, so that a vector of 16 counters gives 64 neighbouring positions.
    /// </summary>
    /// <remarks>Use a stream through this member or through the others, never both: they share the counters.</remarks>
    internal uint Word(int position)
    {
        Philox.Block block = Philox.At(new((uint)(position / 64 * 16 + position % 16), 0, 0, 0), _key0, _key1);
        return (position / 16 % 4) switch { 0 => block.X0, 1 => block.X1, 2 => block.X2, _ => block.X3 };
    }

    /// <summary>A uniform number strictly between 0 and 1: (k + ½) × 2⁻⁵² with k uniform in [0, 2⁵²), exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(long index) => ((Bits(index) >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>A standard normal number, by inverting the distribution function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Normal(long index) => NormalDistribution.Quantile(Uniform(index));

    /// <summary>A standard normal number conditioned on lying within two standard deviations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double TruncatedNormal(long index) =>
        NormalDistribution.Quantile(NormalDistribution.BelowMinusTwo
            + Uniform(index) * (1.0 - 2.0 * NormalDistribution.BelowMinusTwo));

    /// <summary>True with probability <paramref name="probability"/> (0 is never, 1 is always).</summary>
    public bool Bernoulli(long index, double probability) => Uniform(index) < probability;

    /// <summary>An integer in [0, <paramref name="bound"/>); the bias is below bound × 2⁻⁶⁴.</summary>
    public int Below(long index, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(index), (ulong)bound, out _);
    }

    /// <summary>A uniform permutation of 0 … <paramref name="count"/> − 1 (Fisher–Yates, from the last index down).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>Permutes <paramref name="items"/> in place, uniformly.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Below(last, last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
