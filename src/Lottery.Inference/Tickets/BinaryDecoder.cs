using System.Runtime.CompilerServices;

namespace Lottery.Tickets;

/// <summary>Gives back the bits of a <see cref="BinaryEncoder"/>; zeros follow the last byte.</summary>
internal ref struct BinaryDecoder : IBitCoder
{
    private readonly ReadOnlySpan<byte> _bytes;
    private uint _low, _high = uint.MaxValue, _code;
    private int _next;

    public BinaryDecoder(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < 4; i++) _code = _code << 8 | Next();
    }

    /// <summary>True where the bits have used every byte there is, and no more zeros after them than an encoder leaves out.</summary>
    public readonly bool IsAtEnd => _next >= _bytes.Length && _next <= _bytes.Length + sizeof(uint);

    /// <inheritdoc/>
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

    private void Shift() => (_low, _high, _code) = (_low << 8, _high << 8 | 255, _code << 8 | Next());

    private uint Next()
    {
        int at = _next++;
        return (uint)at < (uint)_bytes.Length ? _bytes[at] : 0u;
    }
}
