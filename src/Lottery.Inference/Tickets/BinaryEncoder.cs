namespace Lottery.Tickets;

/// <summary>Arithmetic coder of bits with given probabilities; the way back is <see cref="BinaryDecoder"/>.</summary>
internal sealed class BinaryEncoder
{
    private readonly List<byte> _bytes = [];
    private uint _low, _high = uint.MaxValue;

    /// <summary>Adds a bit that is set with probability <paramref name="probability"/> ÷ 65,536.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="probability">From 1 to 65,535.</param>
    public void Add(bool bit, int probability)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)probability) >> 16);
        if (bit) _high = middle;
        else _low = middle + 1;
        for (; (_low ^ _high) < 1u << 24; (_low, _high) = (_low << 8, _high << 8 | 255)) _bytes.Add((byte)(_high >> 24));
    }

    /// <summary>All bytes, when no bit follows: the shortest that tell the last interval from its neighbours.</summary>
    public byte[] End()
    {
        // What follows the end counts as zeros: the first number of the interval that has the most of them.
        for (int shift = 32; ; shift -= 8)
        {
            ulong number = ((ulong)_low + (1ul << shift) - 1) >> shift << shift;
            if (number > _high) continue;
            for (int at = 24; at >= shift; at -= 8) _bytes.Add((byte)(number >> at));
            return [.. _bytes];
        }
    }
}
