using System.Buffers;
using System.Buffers.Binary;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Writes values little-endian, parameter by parameter in the network's order.</summary>
internal static class ValueWriter
{
    /// <summary>The kept weights (all of them where <paramref name="dense"/>) in one format, and every other value in single precision.</summary>
    public static byte[] Write(Mask mask, Weights weights, ValueFormat format, bool dense)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
        {
            Parameter parameter = weights.Network.Parameters[p];
            BitSet? places = dense ? null : mask[p];
            if (parameter.Role != ParameterRole.Weight || format == ValueFormat.F32) F32(bytes, weights[p], places);
            else if (format == ValueFormat.F16) F16(bytes, weights[p], places);
            else I8(bytes, weights[p], places, parameter.Shape[0]);
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A magnitude for each masked parameter and a sign for each of its kept weights; every other value in single precision.</summary>
    public static byte[] WriteSigned(Mask mask, Weights weights)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } kept) F32(bytes, weights[p], null);
            else
            {
                F32(bytes, [Signs.Magnitude(kept, weights[p])], null);
                Negative(bytes, weights[p], kept);
            }
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void F32(ArrayBufferWriter<byte> bytes, ReadOnlySpan<float> values, BitSet? places)
    {
        for (int i = 0; i < values.Length; i++)
            if (places is null || places[i]) BinaryPrimitives.WriteSingleLittleEndian(Take(bytes, 4), values[i]);
    }

    private static void F16(ArrayBufferWriter<byte> bytes, ReadOnlySpan<float> values, BitSet? places)
    {
        for (int i = 0; i < values.Length; i++)
            if (places is null || places[i]) BinaryPrimitives.WriteHalfLittleEndian(Take(bytes, 2), (Half)values[i]);
    }

    private static void I8(ArrayBufferWriter<byte> bytes, ReadOnlySpan<float> values, BitSet? places, int outputs)
    {
        int inputs = values.Length / outputs;
        for (int output = 0; output < outputs; output++)
        {
            float step = Eighths.Step(values.Slice(output * inputs, inputs), places, output * inputs);
            F32(bytes, [step], null);
            for (int i = output * inputs; i < (output + 1) * inputs; i++)
                if (places is null || places[i]) Take(bytes, 1)[0] = (byte)Eighths.Round(values[i], step);
        }
    }

    private static void Negative(ArrayBufferWriter<byte> bytes, ReadOnlySpan<float> values, BitSet kept)
    {
        int gathered = 0, count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!kept[i]) continue;
            gathered |= (float.IsNegative(values[i]) ? 1 : 0) << (count++ & 7);
            if ((count & 7) != 0) continue;
            Take(bytes, 1)[0] = (byte)gathered;
            gathered = 0;
        }
        if ((count & 7) != 0) Take(bytes, 1)[0] = (byte)gathered;
    }

    private static Span<byte> Take(ArrayBufferWriter<byte> bytes, int count)
    {
        Span<byte> taken = bytes.GetSpan(count)[..count];
        bytes.Advance(count);
        return taken;
    }
}
