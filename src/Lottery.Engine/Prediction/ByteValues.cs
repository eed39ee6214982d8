using System.Runtime.CompilerServices;
using Lottery.Networks;

namespace Lottery.Prediction;

/// <summary>The scaled value of every byte, as a table.</summary>
internal sealed class ByteValues
{
    private readonly float[][] _values;

    public ByteValues(PixelScale scale)
    {
        Scale = scale;
        _values = [.. Enumerable.Range(0, scale.Channels).Select(channel =>
            Enumerable.Range(0, 256).Select(value => scale.Of(channel, (byte)value)).ToArray())];
    }

    /// <summary>The scale.</summary>
    public PixelScale Scale { get; }

    /// <summary>Scales the bytes of one channel of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Of(int channel, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        float[] of = _values[_values.Length == 1 ? 0 : channel];
        for (int i = 0; i < bytes.Length; i++) values[i] = of[bytes[i]];
    }
}
