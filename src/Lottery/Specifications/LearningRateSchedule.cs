using System.Collections.Immutable;

namespace Lottery.Specifications;

/// <summary>How the learning rate changes with the step: constant, in steps, and with a linear warm-up before either.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>The rate of the optimizer at every step.</summary>
    public static LearningRateSchedule Constant { get; } = new();

    /// <summary>The steps at which the rate is multiplied by <see cref="Factor"/>, ascending.</summary>
    public ImmutableArray<int> At { get; init; } = [];

    /// <summary>What the rate is multiplied by at each of <see cref="At"/>.</summary>
    public double Factor { get; init; } = 1.0;

    /// <summary>Steps over which the rate rises linearly from 0; 0 for none. Step s &lt; W has rate × (s + 1) ÷ W.</summary>
    public int WarmUp { get; init; }

    /// <summary>What the optimizer's rate is multiplied by at <paramref name="step"/> (the first step is 0).</summary>
    public double FactorAt(int step)
    {
        double factor = step < WarmUp ? (step + 1.0) / WarmUp : 1.0;
        foreach (int at in At)
            if (step >= at) factor *= Factor;
        return factor;
    }

    /// <summary>Equal values are one schedule.</summary>
    public bool Equals(LearningRateSchedule? other) => other is not null
        && At.SequenceEqual(other.At) && Factor.Equals(other.Factor) && WarmUp == other.WarmUp;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At.Length, Factor, WarmUp);
}
