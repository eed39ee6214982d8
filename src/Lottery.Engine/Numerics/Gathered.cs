using System.Numerics;

namespace Lottery.Numerics;

/// <summary>The values at set bits, one after the other.</summary>
public static class Gathered
{
    /// <summary>The values where a bit is set.</summary>
    /// <param name="values">As many as there are bits.</param>
    /// <param name="places">The bits.</param>
    public static float[] From(ReadOnlySpan<float> values, BitSet places)
    {
        var gathered = new float[places.Count()];
        int next = 0;
        for (int w = 0; w < places.Words.Length; w++)
            for (ulong word = places.Words[w]; word != 0; word &= word - 1)
                gathered[next++] = values[(w << 6) + BitOperations.TrailingZeroCount(word)];
        return gathered;
    }

    /// <summary>Puts gathered values back where they come from; other places stay.</summary>
    /// <param name="gathered">A value for each set bit.</param>
    /// <param name="places">The bits.</param>
    /// <param name="values">As many as there are bits.</param>
    public static void Into(Span<float> values, BitSet places, ReadOnlySpan<float> gathered)
    {
        int next = 0;
        for (int w = 0; w < places.Words.Length; w++)
            for (ulong word = places.Words[w]; word != 0; word &= word - 1)
                values[(w << 6) + BitOperations.TrailingZeroCount(word)] = gathered[next++];
    }
}
