using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Writes values little-endian, parameter by parameter in the network's order.</summary>
/// <remarks>The processors that Lottery runs on are little-endian: floats are copied as they lie in memory.</remarks>
internal static class ValueWriter
{
    public static byte[] Write(Mask mask, Weights weights, ValueLayout layout)
    {
        var bytes = new byte[checked((int)layout.Length(mask))];
        Span<byte> left = bytes;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            BitSet? places = layout.Places(mask, p);
            ReadOnlySpan<float> values = places is null ? weights[p] : SparseValues.Gather(weights[p], places);
            left = layout.Of(mask, p) switch
            {
                ValueForm.F16 => F16(left, values),
                ValueForm.I8 => I8(left, values, Outputs.Counts(mask.Network.Parameters[p], places)),
                ValueForm.Signs => Signs(left, values),
                _ => F32(left, values),
            };
        }
        return bytes;
    }

    private static Span<byte> F32(Span<byte> left, ReadOnlySpan<float> values)
    {
        MemoryMarshal.AsBytes(values).CopyTo(left);
        return left[(sizeof(float) * values.Length)..];
    }

    private static Span<byte> F16(Span<byte> left, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(left[(2 * i)..], (Half)values[i]);
        return left[(2 * values.Length)..];
    }

    private static Span<byte> I8(Span<byte> left, ReadOnlySpan<float> values, ReadOnlySpan<int> counts)
    {
        foreach (int count in counts)
        {
            float step = Outputs.Step(values[..count]);
            BinaryPrimitives.WriteSingleLittleEndian(left, step);
            left = left[sizeof(float)..];
            for (int i = 0; i < count; i++) left[i] = (byte)Outputs.Steps(values[i], step);
            left = left[count..];
            values = values[count..];
        }
        return left;
    }

    private static Span<byte> Signs(Span<byte> left, ReadOnlySpan<float> values)
    {
        BinaryPrimitives.WriteSingleLittleEndian(left, Magnitude(values));
        left = left[sizeof(float)..];
        for (int i = 0; i < values.Length; i++)
            if (float.IsNegative(values[i])) left[i >> 3] |= (byte)(1 << (i & 7));
        return left[((values.Length + 7) / 8)..];
    }

    // The mean, and exactly the magnitude of all where they have one; 0 of none.
    private static float Magnitude(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty) return 0f;
        double sum = 0.0;
        bool one = true;
        foreach (float value in values)
        {
            sum += Math.Abs(value);
            one &= Math.Abs(value) == Math.Abs(values[0]);
        }
        return one ? Math.Abs(values[0]) : (float)(sum / values.Length);
    }
}
