using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Reads what <see cref="ValueWriter"/> wrote.</summary>
internal static class ValueReader
{
    /// <exception cref="FormatException">The values are too few, too many, or not finite.</exception>
    public static Weights Read(ReadOnlySpan<byte> bytes, Mask mask, ValueLayout layout)
    {
        if (layout.Length(mask) is long length && length != bytes.Length)
            throw new FormatException($"it has {bytes.Length} bytes of values where its masks and network need {length}");
        var weights = new Weights(mask.Network);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            BitSet? places = layout.Places(mask, p);
            Span<float> values = places is null ? weights[p] : new float[places.Count()];
            bytes = layout.Of(mask, p) switch
            {
                ValueForm.F16 => F16(bytes, values),
                ValueForm.I8 => I8(bytes, values, Outputs.Counts(mask.Network.Parameters[p], places)),
                ValueForm.Signs => Signs(bytes, values),
                _ => F32(bytes, values),
            };
            foreach (float value in values)
                if (!float.IsFinite(value)) throw new FormatException($"a value of {mask.Network.Parameters[p].Name} is not a finite number");
            if (places is not null) SparseValues.Scatter(weights[p], places, values);
        }
        return weights;
    }

    private static ReadOnlySpan<byte> F32(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int length = sizeof(float) * values.Length;
        bytes[..length].CopyTo(MemoryMarshal.AsBytes(values));
        return bytes[length..];
    }

    private static ReadOnlySpan<byte> F16(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
        return bytes[(2 * values.Length)..];
    }

    private static ReadOnlySpan<byte> I8(ReadOnlySpan<byte> bytes, Span<float> values, ReadOnlySpan<int> counts)
    {
        foreach (int count in counts)
        {
            float step = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            bytes = bytes[sizeof(float)..];
            for (int i = 0; i < count; i++) values[i] = (sbyte)bytes[i] * step;
            bytes = bytes[count..];
            values = values[count..];
        }
        return bytes;
    }

    private static ReadOnlySpan<byte> Signs(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        float magnitude = BinaryPrimitives.ReadSingleLittleEndian(bytes);
        bytes = bytes[sizeof(float)..];
        for (int i = 0; i < values.Length; i++) values[i] = (bytes[i >> 3] >> (i & 7) & 1) != 0 ? -magnitude : magnitude;
        return bytes[((values.Length + 7) / 8)..];
    }
}
