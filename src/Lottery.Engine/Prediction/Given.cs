namespace Lottery.Prediction;

/// <summary>What is to be predicted from: values that are scaled already, or the bytes of images.</summary>
internal readonly ref struct Given
{
    /// <summary>Values that are scaled already.</summary>
    public Given(ReadOnlySpan<float> values) => Values = values;

    /// <summary>The bytes of images.</summary>
    public Given(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes;
        AreBytes = true;
    }

    /// <summary>The values; nothing for bytes.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The bytes; nothing for values.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many there are, of either.</summary>
    public int Length => Values.Length + Bytes.Length;

    /// <summary>True for bytes, which are yet to be scaled.</summary>
    public bool AreBytes { get; }

    /// <summary>A part of them.</summary>
    public Given Slice(int start, int length) => AreBytes ? new(Bytes.Slice(start, length)) : new(Values.Slice(start, length));
}
