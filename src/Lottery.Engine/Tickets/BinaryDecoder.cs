using System.Runtime.CompilerServices;

namespace Lottery.Tickets;

/// <summary>
/// Gives back the bits of a <see cref="BinaryEncoder"/>. After the last byte come zeros, but no more than the encoder leaves
/// out: of a file that ends early not every bit of an enormous network is made up.
/// </summary>
internal ref struct BinaryDecoder : IBitCoder
{
    private const int LeftOut = sizeof(uint);

    private readonly ReadOnlySpan<byte> _bytes;
    private uint _low, _high = uint.MaxValue, _code;
    private int _next;

    public BinaryDecoder(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < sizeof(uint); i++) _code = _code << 8 | Next();
    }

    /// <summary>True where an encoder of the bits so far would have ended with these very bytes.</summary>
    public readonly bool IsAtEnd
    {
        get
        {
            (uint number, int bytes) = BinaryEncoder.Shortest(_low, _high);
            return _code == number && _bytes.Length == _next - sizeof(uint) + bytes;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes were those of fewer bits.</exception>
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
        if ((uint)at < (uint)_bytes.Length) return _bytes[at];
        return at < _bytes.Length + LeftOut ? 0u : throw new FormatException("its masks are shorter than its network's");
    }
}
