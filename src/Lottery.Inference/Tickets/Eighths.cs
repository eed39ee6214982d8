using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>Weights as whole numbers of one step: eight bits each.</summary>
internal static class Eighths
{
    private const int Most = 127;

    /// <summary>The largest magnitude ÷ 127; 0 of nothing but zeros.</summary>
    /// <param name="values">The weights of one output.</param>
    /// <param name="places">Which of a parameter's weights count; all where it is null.</param>
    /// <param name="first">The place in its parameter of the first of <paramref name="values"/>.</param>
    public static float Step(ReadOnlySpan<float> values, BitSet? places, int first)
    {
        float largest = 0;
        for (int i = 0; i < values.Length; i++)
            if (places is null || places[first + i]) largest = Math.Max(largest, Math.Abs(values[i]));
        return largest / Most;
    }

    /// <summary>The nearest number of steps, the even one of two.</summary>
    public static sbyte Round(float value, float step) =>
        step == 0 ? (sbyte)0 : (sbyte)Math.Clamp(Math.Round((double)value / step), -Most, Most);
}
