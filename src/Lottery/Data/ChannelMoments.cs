namespace Lottery.Data;

/// <summary>
/// Mean and standard deviation (divided by the number of pixels, not one less) of each channel's bytes. Sums are exact
/// integers; rounding happens in the last division and the root only.
/// </summary>
internal static class ChannelMoments
{
    /// <summary>The moments over some examples.</summary>
    /// <param name="examples">The data.</param>
    /// <param name="indices">The examples to use; at least one.</param>
    public static (double Mean, double StandardDeviation)[] Of(Examples examples, ReadOnlySpan<int> indices)
    {
        var moments = new (double, double)[examples.Shape.Channels];
        for (int channel = 0; channel < moments.Length; channel++) moments[channel] = Of(Counts(examples, indices, channel));
        return moments;
    }

    /// <summary>How often each byte occurs in a channel.</summary>
    private static long[] Counts(Examples examples, ReadOnlySpan<int> indices, int channel)
    {
        var counts = new long[256];
        ReadOnlySpan<byte> pixels = examples.Pixels.Span;
        int area = examples.Shape.Height * examples.Shape.Width;
        foreach (int index in indices)
            foreach (byte value in pixels.Slice(index * examples.Features + channel * area, area)) counts[value]++;
        return counts;
    }

    private static (double Mean, double StandardDeviation) Of(ReadOnlySpan<long> counts)
    {
        long count = 0, sum = 0, squares = 0;
        for (int value = 0; value < counts.Length; value++)
        {
            count += counts[value];
            sum += counts[value] * value;
            squares += counts[value] * value * value;
        }
        Int128 spread = (Int128)count * squares - (Int128)sum * sum;
        return ((double)sum / count, Math.Sqrt((double)spread) / count);
    }
}
