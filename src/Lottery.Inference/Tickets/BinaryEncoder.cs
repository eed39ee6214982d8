using System.Runtime.CompilerServices;

namespace Lottery.Tickets;

/// <summary>An arithmetic coder of bits in whole numbers; the way back is <see cref="BinaryDecoder"/>.</summary>
/// <remarks>
/// The bits so far have narrowed all 32-bit numbers to those from low to high, which a bit divides by its probability.
/// Leading bytes on which low and high agree are written. No carry ever runs back.
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

    /// <summary>All bytes, when no bit follows: the fewest that lead back into the last interval.</summary>
    public byte[] End()
    {
        // Zeros follow the end: the number of the interval that ends in the most of them.
        int zeros = 32;
        while ((((ulong)_low + (1ul << zeros) - 1) >> zeros << zeros) > _high) zeros -= 8;
        var number = (uint)(((ulong)_low + (1ul << zeros) - 1) >> zeros << zeros);
        for (int at = 24; at >= zeros; at -= 8) Add((byte)(number >> at));
        return _bytes[.._count];
    }

    private void Shift()
    {
        Add((byte)(_high >> 24));
        (_low, _high) = (_low << 8, _high << 8 | 255);
    }

    private void Add(byte next)
    {
        if (_count == _bytes.Length) Array.Resize(ref _bytes, 2 * _count);
        _bytes[_count++] = next;
    }
}
