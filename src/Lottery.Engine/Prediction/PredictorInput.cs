namespace Lottery.Prediction;

/// <summary>The examples to predict: scaled values, or the bytes of images.</summary>
internal readonly ref struct PredictorInput
{
    /// <summary>Scaled values.</summary>
    public PredictorInput(ReadOnlySpan<float> values) => Values = values;

    /// <summary>The bytes of images.</summary>
    public PredictorInput(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        AreBytes = true;
    }

    /// <summary>The values; empty for bytes.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The bytes; empty for values.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The number of values or bytes.</summary>
    public int Length => Values.Length + Bytes.Length;

    /// <summary>True for bytes, which are not scaled yet.</summary>
    public bool AreBytes { get; }

    /// <summary>Some of the values or bytes.</summary>
    public PredictorInput Slice(int start, int length) => AreBytes ? new(Bytes.Slice(start, length)) : new(Values.Slice(start, length));
}
