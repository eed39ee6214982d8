using System.Collections.Immutable;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>A condition of masks on untrained weights, at its best density.</summary>
/// <param name="Name">The condition, by name and value of what distinguishes it.</param>
/// <param name="Density">The density at which its mean accuracy is highest, 0–1.</param>
/// <param name="Accuracy">Test accuracy there.</param>
/// <param name="IsReference">Whether it is the reference.</param>
internal sealed record BestDensity(string Name, double Density, Estimate Accuracy, bool IsReference);

/// <summary>
/// The result of several kinds of masks on weights that were never trained (Zhou et al. 2019, section 5): the best of them, not
/// all.
/// </summary>
internal static class SupermaskFinding
{
    private const int MostNamed = 3;

    /// <summary>The sentence.</summary>
    /// <param name="conditions">Every condition; at least two.</param>
    /// <param name="missing">The planned runs that the table lacks.</param>
    public static string Describe(ImmutableArray<BestDensity> conditions, MissingRuns missing)
    {
        BestDensity[] ranked = [.. conditions.OrderByDescending(one => one.Accuracy.Mean)];
        BestDensity[] named = [.. ranked.Take(MostNamed)];
        BestDensity? reference = ranked.Skip(MostNamed).FirstOrDefault(one => one.IsReference);
        string last = ranked.Length > MostNamed && reference != ranked[^1] ? $"; the lowest of {ranked.Length} is {Describe(ranked[^1])}" : "";
        return missing.After($"Without any training the highest accuracies are {string.Join(", ", named.Select(Describe))}"
            + (reference is null ? "" : $"; the reference, {Describe(reference)}") + last
            + ". Each is at its best density, which is chosen on the same test images, so it is biased upwards.");
    }

    private static string Describe(BestDensity one) =>
        $"{NumberFormat.Accuracy(one.Accuracy, " %")} ({one.Name}, at {NumberFormat.Density(one.Density)} of the weights)";
}
