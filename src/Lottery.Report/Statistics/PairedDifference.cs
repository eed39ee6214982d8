namespace Lottery.Report.Statistics;

/// <summary>The mean difference between pairs of runs of the same seed, with its 95 % interval and the paired t test.</summary>
internal sealed record PairedDifference
{
    private readonly double _bound;

    private PairedDifference(IReadOnlyCollection<double> differences, double bound)
    {
        (Sample, _bound) = (SampleMean.FromValues(differences), bound);
        Estimate = IntervalAt(Estimate.Tail);
        P = Sample.Count < 2 ? double.NaN : StudentT.TwoSided(Sample.Statistic(0), Sample.Count - 1);
    }

    /// <summary>The mean of first − second, and its interval.</summary>
    public Estimate Estimate { get; }

    /// <summary>Two-sided p-value of "no difference"; NaN for fewer than two pairs.</summary>
    public double P { get; }

    /// <summary>True if the whole interval lies above zero.</summary>
    public bool IsPositive => Estimate.Low > 0;

    /// <summary>True if the whole interval lies below zero.</summary>
    public bool IsNegative => Estimate.High < 0;

    /// <summary>True if there are two pairs or more, none of which is NaN.</summary>
    public bool IsTestable => Sample is { Count: >= 2, Mean: not double.NaN };

    /// <summary>Mean and standard error, for tests against values other than zero.</summary>
    internal SampleMean Sample { get; }

    /// <summary>The statistics of <paramref name="differences"/>: first − second, one value per pair.</summary>
    public static PairedDifference FromValues(IReadOnlyCollection<double> differences) => new(differences, double.PositiveInfinity);

    /// <summary>The same for differences of fractions: an interval ends at −1 and 1, which no difference exceeds.</summary>
    public static PairedDifference OfFractions(IReadOnlyCollection<double> differences) => new(differences, 1);

    /// <summary>The mean with the interval that leaves out <paramref name="tail"/> on each side.</summary>
    internal Estimate IntervalAt(double tail)
    {
        Estimate interval = Sample.Interval(tail);
        return interval with { Low = Math.Max(-_bound, interval.Low), High = Math.Min(_bound, interval.High) };
    }
}
