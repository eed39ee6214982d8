namespace Lottery.Networks;

/// <summary>The distribution that a weight is drawn from before training; biases start at zero.</summary>
public enum InitialDistribution
{
    /// <summary>Deviation √(2 ÷ (fan-in + fan-out)), truncated at two deviations and rescaled to the nominal one.</summary>
    GlorotNormal,

    /// <summary>Deviation √(2 ÷ (fan-in + fan-out)), not truncated.</summary>
    GlorotNormalPlain,

    /// <summary>Uniform in ±√(6 ÷ (fan-in + fan-out)).</summary>
    GlorotUniform,

    /// <summary>Deviation √(2 ÷ fan-in), not truncated.</summary>
    HeNormal,

    /// <summary>Uniform in ±√(6 ÷ fan-in).</summary>
    HeUniform,

    /// <summary>Deviation √(1 ÷ fan-in), not truncated.</summary>
    LecunNormal,
}
