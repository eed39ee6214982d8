namespace Lottery.Networks;

/// <summary>The distribution that a weight is sampled from before training; biases start at zero.</summary>
public enum InitialDistribution
{
    /// <summary>Standard deviation √(2 ÷ (fan-in + fan-out)), truncated at two standard deviations and rescaled to the nominal one.</summary>
    GlorotNormal,

    /// <summary>Standard deviation √(2 ÷ (fan-in + fan-out)), not truncated.</summary>
    GlorotNormalPlain,

    /// <summary>Uniform in ±√(6 ÷ (fan-in + fan-out)).</summary>
    GlorotUniform,

    /// <summary>Standard deviation √(2 ÷ fan-in), not truncated.</summary>
    HeNormal,

    /// <summary>Uniform in ±√(6 ÷ fan-in).</summary>
    HeUniform,

    /// <summary>Standard deviation √(1 ÷ fan-in), not truncated.</summary>
    LecunNormal,
}
