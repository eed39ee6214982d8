using System.Runtime.CompilerServices;

namespace Lottery.Tickets;

/// <summary>One direction of an arithmetic coder: the encoder and the decoder share one model.</summary>
internal interface IBitCoder
{
    /// <summary>Codes a bit that is set with probability <paramref name="probability"/> ÷ 65,536.</summary>
    /// <param name="bit">The bit; ignored by the decoder.</param>
    /// <param name="probability">From 1 to 65,535.</param>
    /// <returns>The bit.</returns>
    bool Code(bool bit, int probability);
}

/// <summary>An arithmetic encoder of bits, in integer arithmetic; <see cref="BinaryDecoder"/> reads its output.</summary>
/// <remarks>
/// The bits so far have narrowed the interval of 32-bit numbers to [low, high]; each bit divides it by its probability.
/// Leading bytes on which low and high agree are written. There is no carry propagation.
/// </remarks>
internal struct BinaryEncoder() : IBitCoder
{
    private byte[] _bytes = new byte[1 << 12];
    private int _count;
    private uint _low, _high = uint.MaxValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Code(bool bit, int probability)
    {
        uint middle = _low + (uint)((ulong)(_high - _low) * (uint)probability >> 16);
        if (bit) _high = middle;
        else _low = middle + 1;
        while ((_low ^ _high) < 1u << 24) Shift();
        return bit;
    }

    /// <summary>Ends the stream and returns all bytes: the fewest that identify the last interval.</summary>
    public byte[] End()
    {
        (uint number, int bytes) = Shortest(_low, _high);
        for (int i = 0; i < bytes; i++) Add((byte)(number >> 24 - 8 * i));
        return _bytes[.._count];
    }

    /// <summary>The number in [low, high] with the most trailing zero bytes, which are omitted, and the number of bytes that remain.</summary>
    public static (uint Number, int Bytes) Shortest(uint low, uint high)
    {
        for (int bytes = 0; ; bytes++)
        {
            ulong last = (1ul << 32 - 8 * bytes) - 1, number = low + last & ~last;
            if (number <= high) return ((uint)number, bytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Shift()
    {
        Add((byte)(_high >> 24));
        (_low, _high) = (_low << 8, _high << 8 | 255);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(byte next)
    {
        if (_count == _bytes.Length) _bytes = Longer(_bytes);
        _bytes[_count++] = next;
    }

    private static byte[] Longer(byte[] bytes)
    {
        Array.Resize(ref bytes, 2 * bytes.Length);
        return bytes;
    }
}

/// <summary>
/// Decodes the bits of a <see cref="BinaryEncoder"/>. It reads zeros after the last byte, but no more than the encoder omits,
/// so that a truncated file cannot make it produce the bits of an enormous network.
/// </summary>
internal ref struct BinaryDecoder : IBitCoder
{
    private const int OmittedBytes = sizeof(uint);

    private readonly ReadOnlySpan<byte> _bytes;
    private uint _low, _high = uint.MaxValue, _code;
    private int _next;

    public BinaryDecoder(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < sizeof(uint); i++) _code = _code << 8 | Next();
    }

    /// <summary>True if an encoder of the bits so far would have ended with exactly these bytes.</summary>
    public readonly bool IsAtEnd
    {
        get
        {
            (uint number, int bytes) = BinaryEncoder.Shortest(_low, _high);
            return _code == number && _bytes.Length == _next - sizeof(uint) + bytes;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes encode fewer bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Code(bool bit, int probability)
    {
        uint middle = _low + (uint)((ulong)(_high - _low) * (uint)probability >> 16);
        bit = _code <= middle;
        if (bit) _high = middle;
        else _low = middle + 1;
        while ((_low ^ _high) < 1u << 24) Shift();
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Shift() => (_low, _high, _code) = (_low << 8, _high << 8 | 255, _code << 8 | Next());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Next()
    {
        int at = _next++;
        return (uint)at < (uint)_bytes.Length ? _bytes[at] : Omitted(at - _bytes.Length);
    }

    private static uint Omitted(int behind) =>
        behind < OmittedBytes ? 0u : throw new FormatException("its masks are shorter than its network's");
}
