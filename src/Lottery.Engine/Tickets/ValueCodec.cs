using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Which values of a parameter a ticket stores, and in how many bytes.</summary>
/// <param name="Kind">Trained or signed.</param>
/// <param name="Format">The number format of a trained ticket's weights.</param>
/// <param name="Dense">True if pruned weights are stored too.</param>
internal readonly record struct ValueLayout(TicketKind Kind, ValueFormat Format, bool Dense)
{
    /// <summary>The length of all values, in bytes.</summary>
    public long Length(Mask mask)
    {
        long length = 0;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            Parameter parameter = mask.Network.Parameters[p];
            long values = Kept(mask, p) is { } kept ? kept.Count() : parameter.Count;
            length += Of(mask, p) switch
            {
                ValueForm.F16 => 2 * values,
                ValueForm.I8 => sizeof(float) * (long)parameter.Shape[0] + values,
                ValueForm.Signs => sizeof(float) + (values + 7) / 8,
                _ => sizeof(float) * values,
            };
        }
        return length;
    }

    /// <summary>The weights of a parameter that are stored; null for all.</summary>
    public BitSet? Kept(Mask mask, int p) => Dense ? null : mask[p];

    /// <summary>The encoding of a parameter: weights in the ticket's format, everything else in single precision.</summary>
    public ValueForm Of(Mask mask, int p) => Kind == TicketKind.Signed
        ? mask[p] is null ? ValueForm.F32 : ValueForm.Signs
        : mask.Network.Parameters[p].Role != ParameterRole.Weight ? ValueForm.F32 : (ValueForm)Format;
}

/// <summary>The encoding of one parameter's values.</summary>
internal enum ValueForm
{
    /// <inheritdoc cref="ValueFormat.F32"/>
    F32 = ValueFormat.F32,

    /// <inheritdoc cref="ValueFormat.F16"/>
    F16 = ValueFormat.F16,

    /// <inheritdoc cref="ValueFormat.I8"/>
    I8 = ValueFormat.I8,

    /// <summary>One magnitude, and one bit a value, set if it is negative.</summary>
    Signs,
}

/// <summary>Writes values little-endian, parameter by parameter in the network's order.</summary>
/// <remarks>Lottery runs on little-endian processors only, so floats are copied as they are in memory.</remarks>
internal static class ValueWriter
{
    public static byte[] Write(Mask mask, Weights weights, ValueLayout layout)
    {
        var bytes = new byte[checked((int)layout.Length(mask))];
        Span<byte> left = bytes;
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            BitSet? kept = layout.Kept(mask, p);
            ReadOnlySpan<float> values = kept is null ? weights[p] : SparseValues.Gather(weights[p], kept);
            left = layout.Of(mask, p) switch
            {
                ValueForm.F16 => F16(left, values),
                ValueForm.I8 => I8(left, values, Int8Quantizer.Counts(mask.Network.Parameters[p], kept)),
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
            float scale = Int8Quantizer.Scale(values[..count]);
            BinaryPrimitives.WriteSingleLittleEndian(left, scale);
            left = left[sizeof(float)..];
            for (int i = 0; i < count; i++) left[i] = (byte)Int8Quantizer.Quantize(values[i], scale);
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

    // The mean magnitude, or exactly the common magnitude if all are equal; 0 for no values.
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

/// <summary>Reads the values that <see cref="ValueWriter"/> wrote; the input is untrusted.</summary>
internal static class ValueReader
{
    /// <exception cref="FormatException">The values are too few, too many, or not finite.</exception>
    public static Weights Read(ReadOnlySpan<byte> bytes, Mask mask, ValueLayout layout)
    {
        if (layout.Length(mask) is long length && length != bytes.Length)
            throw new FormatException($"it has {bytes.Length} bytes of values, but its masks and network need {length}");
        var weights = new Weights(mask.Network);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            BitSet? kept = layout.Kept(mask, p);
            Span<float> values = kept is null ? weights[p] : new float[kept.Count()];
            bytes = layout.Of(mask, p) switch
            {
                ValueForm.F16 => F16(bytes, values),
                ValueForm.I8 => I8(bytes, values, Int8Quantizer.Counts(mask.Network.Parameters[p], kept)),
                ValueForm.Signs => Signs(bytes, values),
                _ => F32(bytes, values),
            };
            foreach (float value in values)
                if (!float.IsFinite(value)) throw new FormatException($"a value of {mask.Network.Parameters[p].Name} is not a finite number");
            if (kept is not null) SparseValues.Scatter(weights[p], kept, values);
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
            float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
            bytes = bytes[sizeof(float)..];
            for (int i = 0; i < count; i++) values[i] = (sbyte)bytes[i] * scale;
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

/// <summary>Quantizes weights to 8 bits: integers from −127 to 127 times one scale for each output.</summary>
internal static class Int8Quantizer
{
    private const int Limit = 127;

    /// <summary>The number of stored values of each output; <c>[out]</c>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="kept">The weights that are stored; null for all.</param>
    public static int[] Counts(Parameter parameter, BitSet? kept)
    {
        int inputs = parameter.Count / parameter.Shape[0];
        var counts = new int[parameter.Shape[0]];
        if (kept is null) Array.Fill(counts, inputs);
        for (int w = 0; w < kept?.Words.Length; w++)
            for (ulong word = kept.Words[w]; word != 0; word &= word - 1)
                counts[((w << 6) + BitOperations.TrailingZeroCount(word)) / inputs]++;
        return counts;
    }

    /// <summary>The scale of an output: its largest magnitude ÷ 127; 0 if all values are 0.</summary>
    public static float Scale(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest / Limit;
    }

    /// <summary>The nearest multiple of the scale, ties to even.</summary>
    public static sbyte Quantize(float value, float scale) =>
        scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(Math.Round((double)value / scale), -Limit, Limit);
}
