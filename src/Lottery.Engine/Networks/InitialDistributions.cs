using System.Text.Json;

namespace Lottery.Networks;

/// <summary>What an initial distribution is called, and how wide it is.</summary>
internal static class InitialDistributions
{
    /// <summary>Its name in files and on the command line: <c>glorot-normal</c>.</summary>
    public static string Name(this InitialDistribution distribution) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(distribution.ToString());

    /// <summary>The distribution of that name.</summary>
    /// <exception cref="FormatException">No distribution is called that; the message lists the names.</exception>
    public static InitialDistribution Get(string name)
    {
        foreach (InitialDistribution distribution in Enum.GetValues<InitialDistribution>())
            if (distribution.Name() == name) return distribution;
        throw new FormatException($"'{name}' is none of {string.Join(", ", Enum.GetValues<InitialDistribution>().Select(Name))}");
    }

    /// <summary>The nominal standard deviation of the weights of <paramref name="parameter"/>.</summary>
    public static double StandardDeviation(this InitialDistribution distribution, Parameter parameter) =>
        Math.Sqrt(distribution.Variance(parameter));

    /// <summary>Where the uniform distribution of that variance ends, on either side of zero.</summary>
    internal static double HalfWidth(this InitialDistribution distribution, Parameter parameter) =>
        Math.Sqrt(3.0 * distribution.Variance(parameter));

    private static double Variance(this InitialDistribution distribution, Parameter parameter) => distribution switch
    {
        InitialDistribution.HeNormal or InitialDistribution.HeUniform => 2.0 / parameter.FanIn,
        InitialDistribution.LecunNormal => 1.0 / parameter.FanIn,
        _ => 2.0 / ((double)parameter.FanIn + parameter.FanOut),
    };
}
