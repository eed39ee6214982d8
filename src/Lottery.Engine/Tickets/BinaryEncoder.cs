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
        (uint number, int bytes) = Shortest(_low, _high);
        for (int i = 0; i < bytes; i++) Add((byte)(number >> 24 - 8 * i));
        return _bytes[.._count];
    }

    /// <summary>The number from low to high that ends in the most bytes of zeros, which are left out, and how many bytes are left.</summary>
    public static (uint Number, int Bytes) Shortest(uint low, uint high)
    {
        for (int bytes = 0; ; bytes++)
        {
            ulong last = (1ul << 32 - 8 * bytes) - 1, number = low + last & ~last;
            if (number <= high) return ((uint)number, bytes);
        }
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
