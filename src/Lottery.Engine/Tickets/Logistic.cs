namespace Lottery.Tickets;

/// <summary>
/// Probabilities and their logits ln(p ÷ (1 − p)), both as whole numbers: 65,536 is certainty, 256 is one. Made by
/// whole-number arithmetic, so that every decoder has the same tables.
/// </summary>
internal static class Logistic
{
    /// <summary>Logits go from −11 to 11: a probability of 1 in 65,536 at either end.</summary>
    public const int Most = 2815;

    /// <summary>Bits of certainty, 2²², that <see cref="LogitOf"/> takes for a probability of 1.</summary>
    public const int ChanceBits = 22;

    // 2³² e^(−1 ÷ 256)
    private const ulong Decay = 4278222805;

    private static readonly ushort[] Probabilities = MakeProbabilities();
    private static readonly short[] Logits = MakeLogits();

    /// <summary>The probability of a logit, 1 to 65,535.</summary>
    public static int ProbabilityOf(int logit) => Probabilities[Math.Clamp(logit, -Most, Most) + Most];

    /// <summary>The logit of a probability of 22 bits, by its upper 12.</summary>
    public static int LogitOf(int chance) => Logits[chance >> ChanceBits - 12];

    private static ushort[] MakeProbabilities()
    {
        var probabilities = new ushort[2 * Most + 1];
        ulong power = 1ul << 31; // 2³¹ e^(−n ÷ 256)
        for (int n = 0; n <= Most; n++)
        {
            var below = (ushort)Math.Max(1, (power << 16) / ((1ul << 31) + power));
            (probabilities[Most - n], probabilities[Most + n]) = (below, (ushort)(65_536 - below));
            power = power * Decay >> 32;
        }
        return probabilities;
    }

    // The smallest logit whose probability is at least the middle of the step.
    private static short[] MakeLogits()
    {
        var logits = new short[1 << 12];
        int logit = -Most;
        for (int step = 0; step < logits.Length; step++)
        {
            while (logit < Most && ProbabilityOf(logit) < 16 * step + 8) logit++;
            logits[step] = (short)logit;
        }
        return logits;
    }
}
