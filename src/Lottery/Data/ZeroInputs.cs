using System.Runtime.CompilerServices;
using Lottery.Specifications;

namespace Lottery.Data;

/// <summary>How many of a data set's inputs are zero, counted once.</summary>
internal static class ZeroInputs
{
    private static readonly ConditionalWeakTable<Examples, StrongBox<double>> s_shares = [];

    /// <summary>The share of inputs that are exactly zero after scaling, 0–1: black pixels are where bytes are divided by 255.</summary>
    public static double ShareOf(Examples examples) =>
        s_shares.GetValue(examples, one => new((double)Count(one) / Math.Max(1, (long)one.Count * one.Features))).Value;

    /// <summary>The share of zeros among the inputs that examples will have after scaling, before they are scaled.</summary>
    /// <param name="scale">How they will be scaled: what is standardized is hardly ever exactly zero.</param>
    /// <param name="examples">The examples as they were loaded.</param>
    public static double ShareOf(Scaling scale, Examples examples) => scale == Scaling.Unit && !examples.AreNumeric ? ShareOf(examples) : 0;

    private static long Count(Examples examples)
    {
        if (examples.AreNumeric) return CountFeatures(examples);
        long count = 0;
        int channels = examples.Scale.Channels, area = examples.Features / channels;
        ReadOnlySpan<byte> pixels = examples.Pixels.Span;
        for (int channel = 0; channel < channels; channel++)
        {
            if (ByteOfZero(examples, channel) is not { } zero) continue;
            if (channels == 1) return pixels.Count(zero);
            for (int i = 0; i < examples.Count; i++) count += pixels.Slice(i * examples.Features + channel * area, area).Count(zero);
        }
        return count;
    }

    /// <summary>The byte that becomes zero; null if none does.</summary>
    private static byte? ByteOfZero(Examples examples, int channel)
    {
        for (int value = 0; value <= byte.MaxValue; value++)
            if (examples.Scale.Of(channel, (byte)value) == 0) return (byte)value;
        return null;
    }

    private static long CountFeatures(Examples examples)
    {
        long count = 0;
        var inputs = new float[examples.Features];
        for (int i = 0; i < examples.Count; i++)
        {
            examples.Standardize(i, inputs);
            count += inputs.AsSpan().Count(0f);
        }
        return count;
    }
}
