using System.Numerics;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Weights as whole numbers of a step for each output, eight bits each.</summary>
internal static class Outputs
{
    private const int Most = 127;

    /// <summary>How many values of each output are written.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="places">Those that are written; null for all.</param>
    public static int[] Counts(Parameter parameter, BitSet? places)
    {
        int inputs = parameter.Count / parameter.Shape[0];
        var counts = new int[parameter.Shape[0]];
        if (places is null) Array.Fill(counts, inputs);
        for (int w = 0; w < places?.Words.Length; w++)
            for (ulong word = places.Words[w]; word != 0; word &= word - 1)
                counts[((w << 6) + BitOperations.TrailingZeroCount(word)) / inputs]++;
        return counts;
    }

    /// <summary>The largest magnitude ÷ 127; 0 of nothing but zeros.</summary>
    public static float Step(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest / Most;
    }

    /// <summary>The nearest number of steps, the even one of two.</summary>
    public static sbyte Steps(float value, float step) =>
        step == 0 ? (sbyte)0 : (sbyte)Math.Clamp(Math.Round((double)value / step), -Most, Most);
}
