using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Actions;

/// <summary>The input of a mask-1 or mask-0 action: one prunable parameter at the start of a level.</summary>
public readonly ref struct ActionContext
{
    /// <summary>The network, with the distribution of its initial weights.</summary>
    public required Network Network { get; init; }

    /// <summary>The parameter.</summary>
    public required Parameter Parameter { get; init; }

    /// <summary>Which of its weights are kept.</summary>
    public required BitSet Kept { get; init; }

    /// <summary>w_i: the weights of the dense run at the rewind point (step 0 by default); <c>[out × in]</c>, row-major.</summary>
    public required ReadOnlySpan<float> Initial { get; init; }

    /// <summary>
    /// Which of its weights the level before trained; the others were frozen at <see cref="Final"/>. Null for an action that
    /// does not need it.
    /// </summary>
    public BitSet? KeptBefore { get; init; }

    /// <summary>
    /// The weights from which the level before was trained, after its own actions; <c>[out × in]</c>, row-major. Empty for an action
    /// that does not need it.
    /// </summary>
    public ReadOnlySpan<float> InitialBefore { get; init; }

    /// <summary>
    /// w_f: the weights at which the level before ended; <c>[out × in]</c>, row-major. Empty for an action that does not
    /// need it.
    /// </summary>
    public ReadOnlySpan<float> Final { get; init; }

    /// <summary>The seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The level that is about to train, 1 or more.</summary>
    public required int Level { get; init; }

    /// <summary>The action's own random numbers for this parameter and level: the stream <c>ACTION/level-L/NAME</c>.</summary>
    public RandomStream Random(string action) => new(Seed, $"{action}/level-{Level}/{Parameter.Name}");

    /// <summary>The standard deviation of all w_i, kept or not: around their mean, divided by their number, in double precision.</summary>
    internal double StandardDeviation()
    {
        double sum = 0.0, squares = 0.0;
        foreach (float value in Initial) sum += value;
        double mean = sum / Initial.Length;
        foreach (float value in Initial) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / Initial.Length);
    }

    /// <summary>True if the level before made the weight smaller: |w_f| is below the magnitude that it was trained from.</summary>
    internal bool Decreased(int index) => Math.Abs(Final[index]) < Math.Abs(InitialBefore[index]);

    /// <summary>True if the level before made the weight larger.</summary>
    internal bool Increased(int index) => Math.Abs(Final[index]) > Math.Abs(InitialBefore[index]);

    /// <summary>True for a weight that the level before trained and this level prunes.</summary>
    internal bool IsNewlyPruned(int index) => KeptBefore![index] && !Kept[index];
}

/// <summary>A trained level, for actions that depend on it.</summary>
/// <param name="Mask">The weights that it trained; the others were frozen.</param>
/// <param name="Initial">Where all weights started, after the level's own actions.</param>
/// <param name="Final">w_f: where all weights ended, the frozen ones included.</param>
internal sealed record TrainedLevel(Mask Mask, Weights Initial, Weights Final);

/// <summary>Sign arithmetic in which 0 has no sign.</summary>
internal static class Signs
{
    /// <summary>1 above zero, −1 below, 0 otherwise (NaN included).</summary>
    internal static double Of(double value) => value > 0.0 ? 1.0 : value < 0.0 ? -1.0 : 0.0;

    /// <summary>|<paramref name="value"/>| with the sign of <paramref name="initial"/>; the value unchanged if that is 0.</summary>
    internal static float Keep(float initial, float value) =>
        initial > 0.0f ? MathF.Abs(value) : initial < 0.0f ? -MathF.Abs(value) : value;
}
