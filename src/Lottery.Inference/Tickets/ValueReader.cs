using System.Buffers.Binary;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Reads what <see cref="ValueWriter"/> wrote. Every value is finite.</summary>
internal ref struct ValueReader
{
    private ReadOnlySpan<byte> _left;

    private ValueReader(ReadOnlySpan<byte> bytes) => _left = bytes;

    /// <exception cref="FormatException">The values are too few, too many, or no numbers.</exception>
    public static Weights Read(ReadOnlySpan<byte> bytes, Mask mask, ValueFormat format, bool dense)
    {
        var reader = new ValueReader(bytes);
        var weights = new Weights(mask.Network);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            Parameter parameter = mask.Network.Parameters[p];
            BitSet? places = dense ? null : mask[p];
            if (parameter.Role != ParameterRole.Weight || format == ValueFormat.F32) reader.F32(weights[p], places);
            else if (format == ValueFormat.F16) reader.F16(weights[p], places);
            else reader.I8(weights[p], places, parameter.Shape[0]);
        }
        return reader.End(weights);
    }

    /// <exception cref="FormatException">The values are too few, too many, or no numbers.</exception>
    public static Weights ReadSigned(ReadOnlySpan<byte> bytes, Mask mask)
    {
        var reader = new ValueReader(bytes);
        var weights = new Weights(mask.Network);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is { } kept) reader.Signed(weights[p], kept);
            else reader.F32(weights[p], null);
        }
        return reader.End(weights);
    }

    private readonly Weights End(Weights weights) =>
        _left.IsEmpty ? weights : throw new FormatException($"it has {_left.Length} bytes after its last value");

    private void F32(Span<float> values, BitSet? places)
    {
        for (int i = 0; i < values.Length; i++)
            if (places is null || places[i]) values[i] = Single();
    }

    private void F16(Span<float> values, BitSet? places)
    {
        for (int i = 0; i < values.Length; i++)
            if (places is null || places[i]) values[i] = Finite((float)BinaryPrimitives.ReadHalfLittleEndian(Take(2)));
    }

    private void I8(Span<float> values, BitSet? places, int outputs)
    {
        int inputs = values.Length / outputs;
        for (int output = 0; output < outputs; output++)
        {
            float step = Single();
            for (int i = output * inputs; i < (output + 1) * inputs; i++)
                if (places is null || places[i]) values[i] = Finite((sbyte)Take(1)[0] * step);
        }
    }

    private void Signed(Span<float> values, BitSet kept)
    {
        float magnitude = Single();
        ReadOnlySpan<byte> negative = Take((int)((kept.Count() + 7L) / 8));
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!kept[i]) continue;
            values[i] = (negative[count >> 3] >> (count & 7) & 1) != 0 ? -magnitude : magnitude;
            count++;
        }
    }

    private float Single() => Finite(BinaryPrimitives.ReadSingleLittleEndian(Take(4)));

    private static float Finite(float value) =>
        float.IsFinite(value) ? value : throw new FormatException("one of its values is not a finite number");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_left.Length < count) throw new FormatException("it ends in the middle of its values");
        ReadOnlySpan<byte> taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
