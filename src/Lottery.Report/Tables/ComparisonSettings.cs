using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>How conditions are measured, compared and judged.</summary>
internal sealed record ComparisonSettings
{
    private const double Usual = 0.01, Mnist = 0.003;

    /// <summary>The number of a run that is compared.</summary>
    public Metric Metric { get; init; } = Metric.Accuracy;

    /// <summary>Examples in the test set; 0 if not known.</summary>
    public int TestImages { get; init; }

    /// <summary>What the examples of the data are called.</summary>
    public string Examples { get; init; } = ExampleWord.Images;

    /// <summary>The test set by its number of examples: <c>10,000 test images</c>.</summary>
    public string TestSet => $"{NumberFormat.Count(TestImages)} test {Examples}";

    /// <summary>The largest difference in accuracy (0–1) that still counts as good; null for that of the data set.</summary>
    public double? Margin { get; init; }

    /// <summary>Where conditions are compared in the finding; null for where the study states it, else for the sparsest density that is as good.</summary>
    public JudgeAt? JudgeAt { get; init; }

    /// <summary>
    /// The margin of a data set where none is stated: 0.003 (0.3 points) of MNIST and Fashion-MNIST, on which networks differ by
    /// little, and 0.01 of all others. It is fixed before any data are seen.
    /// </summary>
    /// <param name="data">The name of the data set.</param>
    public static double MarginOf(string data) => data is "mnist" or "fashion-mnist" ? Mnist : Usual;

    /// <summary>The margin for runs, all on the same data: that which is stated, or that of the data; of several sets the largest.</summary>
    public double MarginFor(IEnumerable<RunSummary> runs) => Margin ?? runs.Select(run => MarginOf(run.Data)).Distinct().DefaultIfEmpty(Usual).Max();
}

/// <summary>The density at which the finding compares conditions.</summary>
/// <param name="Density">
/// The density (0–1); null for the sparsest at which the reference is as good as the networks of level 0 that its masks come from.
/// </param>
internal sealed record JudgeAt(double? Density)
{
    /// <summary>The sparsest density at which the reference is as good.</summary>
    public static JudgeAt AsGood { get; } = new((double?)null);
}
