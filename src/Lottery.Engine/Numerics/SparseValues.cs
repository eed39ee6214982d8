using System.Numerics;

namespace Lottery.Numerics;

/// <summary>Copies values between a full array and a compact one that holds the values at set bits, in order.</summary>
internal static class SparseValues
{
    /// <summary>The values at set bits; <c>[kept.Count()]</c>.</summary>
    /// <param name="values">The full array; <c>[kept.Length]</c>.</param>
    /// <param name="kept">The bits.</param>
    public static float[] Gather(ReadOnlySpan<float> values, BitSet kept)
    {
        var gathered = new float[kept.Count()];
        int next = 0;
        for (int w = 0; w < kept.Words.Length; w++)
            for (ulong word = kept.Words[w]; word != 0; word &= word - 1)
                gathered[next++] = values[(w << 6) + BitOperations.TrailingZeroCount(word)];
        return gathered;
    }

    /// <summary>Writes gathered values back to where they came from; other values stay as they are.</summary>
    /// <param name="values">The full array; <c>[kept.Length]</c>.</param>
    /// <param name="kept">The bits.</param>
    /// <param name="gathered">A value for each set bit; <c>[kept.Count()]</c>.</param>
    public static void Scatter(Span<float> values, BitSet kept, ReadOnlySpan<float> gathered)
    {
        int next = 0;
        for (int w = 0; w < kept.Words.Length; w++)
            for (ulong word = kept.Words[w]; word != 0; word &= word - 1)
                values[(w << 6) + BitOperations.TrailingZeroCount(word)] = gathered[next++];
    }
}
