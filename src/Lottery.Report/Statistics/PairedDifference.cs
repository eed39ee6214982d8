namespace Lottery.Report.Statistics;

/// <summary>The mean of differences between two runs of the same seed, its 95 % interval, and the paired t test.</summary>
public sealed record PairedDifference
{
    private PairedDifference(IReadOnlyCollection<double> differences)
    {
        (Sample, Estimate) = (Sample.Of(differences), Estimate.FromValues(differences));
        P = Sample.Count < 2 ? double.NaN : StudentT.TwoSided(Sample.Statistic(0), Sample.Count - 1);
    }

    /// <summary>First − second.</summary>
    public Estimate Estimate { get; }

    /// <summary>Two-sided p-value of "no difference"; NaN for fewer than two pairs.</summary>
    public double P { get; }

    /// <summary>True where the interval lies above zero.</summary>
    public bool IsPositive => Estimate.Low > 0;

    /// <summary>True where the interval lies below zero.</summary>
    public bool IsNegative => Estimate.High < 0;

    /// <summary>Mean and standard error, for tests against another value than zero.</summary>
    internal Sample Sample { get; }

    /// <summary>The statistics of <paramref name="differences"/>, one for each pair.</summary>
    public static PairedDifference FromValues(IReadOnlyCollection<double> differences) => new(differences);
}
