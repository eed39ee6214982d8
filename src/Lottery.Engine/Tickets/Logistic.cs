namespace Lottery.Tickets;

/// <summary>
/// Probabilities and their logits ln(p ÷ (1 − p)), both as integers: a probability of 1 is 65,536, a logit of 1 is 256. The tables
/// are made in integer arithmetic, so that every decoder has the same ones.
/// </summary>
internal static class Logistic
{
    /// <summary>The largest logit: about 11, where the probability is 1 − 1 ÷ 65,536.</summary>
    public const int MaxLogit = 2815;

    /// <summary><see cref="LogitOf"/> takes probabilities in units of 2⁻²².</summary>
    public const int ChanceBits = 22;

    /// <summary>By how many bits a fraction is shifted for its step in <see cref="LogitsOfSteps"/>.</summary>
    public const int StepShift = ChanceBits - 12;

    // 2³² e^(−1 ÷ 256)
    private const ulong Decay = 4278222805;

    private static readonly ushort[] Probabilities = MakeProbabilities();
    private static readonly short[] Logits = MakeLogits();

    /// <summary>The probabilities of the logits from −<see cref="MaxLogit"/> on.</summary>
    public static ReadOnlySpan<ushort> ProbabilitiesOfLogits => Probabilities;

    /// <summary>The logits of probabilities of 12 bits.</summary>
    public static ReadOnlySpan<short> LogitsOfSteps => Logits;

    /// <summary>The probability of a logit, 1 to 65,535.</summary>
    public static int ProbabilityOf(int logit) => Probabilities[Math.Clamp(logit, -MaxLogit, MaxLogit) + MaxLogit];

    /// <summary>The logit of a probability of 22 bits, by its upper 12.</summary>
    public static int LogitOf(int chance) => Logits[chance >> StepShift];

    private static ushort[] MakeProbabilities()
    {
        var probabilities = new ushort[2 * MaxLogit + 1];
        ulong power = 1ul << 31; // 2³¹ e^(−n ÷ 256)
        for (int n = 0; n <= MaxLogit; n++)
        {
            var below = (ushort)Math.Max(1, (power << 16) / ((1ul << 31) + power));
            (probabilities[MaxLogit - n], probabilities[MaxLogit + n]) = (below, (ushort)(65_536 - below));
            power = power * Decay >> 32;
        }
        return probabilities;
    }

    // The smallest logit whose probability is at least the middle of the step.
    private static short[] MakeLogits()
    {
        var logits = new short[1 << 12];
        int logit = -MaxLogit;
        for (int step = 0; step < logits.Length; step++)
        {
            while (logit < MaxLogit && ProbabilityOf(logit) < 16 * step + 8) logit++;
            logits[step] = (short)logit;
        }
        return logits;
    }
}
