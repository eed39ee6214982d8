using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Weights as signs times one magnitude.</summary>
internal static class Signs
{
    /// <summary>The mean magnitude of the kept weights, exactly theirs where all have one; 0 of none.</summary>
    public static float Magnitude(BitSet kept, ReadOnlySpan<float> values)
    {
        double sum = 0.0;
        int count = 0;
        float first = float.NaN;
        bool one = true;
        for (int i = 0; i < values.Length; i++)
        {
            if (!kept[i]) continue;
            float magnitude = Math.Abs(values[i]);
            if (count++ == 0) first = magnitude;
            one &= magnitude == first;
            sum += magnitude;
        }
        return count == 0 ? 0f : one ? first : (float)(sum / count);
    }
}
