using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Files;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// The results of a search or of several: a row per condition and density, compared with the networks of level 0 that its masks
/// come from, and with the reference at the same density. Of a search the tickets are the reference, and its controls the other
/// conditions.
/// </summary>
/// <param name="Axes">The settings that vary between conditions.</param>
/// <param name="Rows">Densest first; rows of one density in the order of the conditions.</param>
/// <param name="Conditions">The conditions, the reference first if it has runs.</param>
/// <param name="Reference">The values of the condition that others are compared with, one per axis.</param>
/// <param name="Settings">How they are measured and compared; the number of test images is 0 if no row has an interval over them.</param>
internal sealed record StudyTable(
    ImmutableArray<RunField> Axes, ImmutableArray<StudyRow> Rows, ImmutableArray<StudyCondition> Conditions, ImmutableArray<string> Reference,
    ComparisonSettings Settings)
{
    /// <summary>The name of the axis whose values are the ticket and its controls.</summary>
    public const string ControlAxis = "control";

    /// <summary>The number of a run that is compared.</summary>
    public Metric Metric => Settings.Metric;

    /// <summary>The planned runs that it lacks; <see cref="LostReplicates.Lacking"/> states them.</summary>
    public MissingRuns Missing { get; init; } = MissingRuns.None;

    /// <summary>The most replicates (seeds) that any row has.</summary>
    public int Replicates => Rows.Max(row => row.Value.Count);

    /// <summary>The fewest replicates that any row has.</summary>
    public int FewestReplicates => Rows.Min(row => row.Value.Count);

    /// <summary>True if conditions differ in nothing but the control: one search.</summary>
    public bool IsSearch => Axes.All(axis => axis.Name == ControlAxis);

    /// <summary>The reference in sentences, by name and value of what distinguishes it; empty if nothing does.</summary>
    public string ReferenceName => Labels.Condition(Axes, Reference);

    /// <summary>The networks of level 0 in words.</summary>
    public string RootName => Rows.Any(row => row.IsRoot && row.Runs[0].Specification.Start?.Mask is not null) ? "the initial mask" : "the dense network";

    /// <summary>The columns of the table when it is printed.</summary>
    internal IReadOnlyList<TableColumn<StudyRow>> Columns => StudyColumns.Of(this);

    /// <summary>What the marks and brackets of the table mean, a sentence each.</summary>
    internal IEnumerable<string> Notes => StudyColumns.Notes(this);

    /// <summary>The rows of a condition, densest first.</summary>
    public IEnumerable<StudyRow> RowsOf(StudyCondition condition) => Rows.Where(row => condition.Rows.Contains(row.Ids));

    /// <summary>What the condition of a row is called in a sentence.</summary>
    public string NameOf(StudyRow row) => Labels.Condition(Axes, row.Values) is { Length: > 0 } name ? name
        : row.IsRoot && !row.IsLearned ? RootName : "the only condition";

    /// <summary>Some of its rows, with the axes on which they differ.</summary>
    public StudyTable Only(ImmutableArray<StudyRow> rows)
    {
        int[] differing = [.. Enumerable.Range(0, Axes.Length).Where(axis => rows.Select(row => row.Values[axis]).OfType<string>().Distinct().Skip(1).Any())];
        return this with
        {
            Axes = [.. differing.Select(axis => Axes[axis])], Rows = [.. rows.Select(row => row with { Values = [.. differing.Select(axis => row.Values[axis])] })],
            Conditions = [], Reference = [.. differing.Select(axis => Reference[axis])],
        };
    }

    /// <summary>Aggregates the runs of conditions and compares them.</summary>
    /// <param name="axes">The settings that vary.</param>
    /// <param name="groups">The conditions; those without runs that have the metric are left out.</param>
    /// <param name="reference">The condition that others are compared with.</param>
    /// <param name="settings">How they are measured and compared; null for the usual way.</param>
    public static StudyTable Create(
        ImmutableArray<RunField> axes, IReadOnlyList<StudyGroup> groups, StudyGroup reference, ComparisonSettings? settings = null)
    {
        settings ??= new();
        // An interval over test images beside intervals over seeds would look like one of them.
        if (groups.SelectMany(group => group.Runs.GroupBy(run => run.Level)).Any(level => level.Skip(1).Any())) settings = settings with { TestImages = 0 };
        (StudyGroup Group, StudyRow[] Rows)[] cells = [.. groups.Select(group => (group, RowsOf(group, settings))).Where(cell => cell.Item2.Length > 0)];
        StudyRow[] references = [.. RowsOf(reference, settings)];
        // Conditions that share all runs of a level share its row, as the dense networks of all criteria do.
        StudyRow[] rows = [.. cells.SelectMany(cell => cell.Rows).GroupBy(row => row.Ids)
            .Select(same => same.First() with { Values = Common([.. same.Select(row => row.Values)]) })];
        var families = rows.Select(row => Compare(row, references, settings.Metric)).GroupBy(row => row.ReferenceDensity ?? row.Density)
            .OrderByDescending(family => family.Key).SelectMany(family => Judge([.. family], settings.Metric));
        StudyCondition[] conditions = [.. cells.Select(cell => new StudyCondition(cell.Group.Values, [.. cell.Rows.Select(row => row.Ids)]))];
        return new(axes, [.. families], [.. conditions.OrderBy(one => !one.Values.SequenceEqual(reference.Values))], reference.Values, settings);
    }

    /// <summary>The rows of a condition, densest first, compared with its networks of level 0.</summary>
    private static StudyRow[] RowsOf(StudyGroup group, ComparisonSettings settings)
    {
        Metric metric = settings.Metric;
        StudyRow[] rows = [.. group.Runs.Where(run => metric.Of(run) is not null).GroupBy(run => run.Level).OrderBy(level => level.Key).Select(level => CreateRow(group, [.. level], settings))];
        return [.. DenseComparison.Compare(rows, [.. group.Runs.Where(run => run.IsRoot)], metric, settings.MarginFor(group.Runs))];
    }

    private static StudyRow CreateRow(StudyGroup group, ImmutableArray<RunSummary> runs, ComparisonSettings settings) => new(
        string.Join(' ', runs.Select(run => run.Id)), [.. group.Values], runs, settings.Metric.Estimate(runs, settings.TestImages), Metric.EarlyStop.Estimate(runs, 0))
    {
        Thresholded = runs[0].Supermask is null ? null : Thresholds(runs, settings.TestImages),
    };

    /// <summary>Of thresholded masks: each is one network, so that its accuracy is a proportion of images.</summary>
    private static Estimate Thresholds(ImmutableArray<RunSummary> runs, int testImages)
    {
        if (runs is [{ ThresholdedAccuracy: { } only }] && testImages > 0) return Estimate.FromProportion(only, testImages);
        var estimate = Estimate.FromValues([.. SeedMeans.Of(runs, run => run.ThresholdedAccuracy).Values]);
        return estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };
    }

    private static ImmutableArray<string?> Common(ImmutableArray<string?>[] values) =>
        [.. values[0].Select((value, axis) => values.All(other => other[axis] == value) ? value : null)];

    private static StudyRow Compare(StudyRow row, StudyRow[] references, Metric metric)
    {
        StudyRow? reference = references.Where(other => IsComparable(row, other))
            .MinBy(other => Math.Abs(other.Density - row.Density));
        if (reference is null) return row;
        bool same = row.Ids == reference.Ids;
        return row with
        {
            ReferenceDensity = reference.Density, IsReference = same,
            Difference = same ? null : metric.Difference(row.Runs, reference.Runs),
        };
    }

    /// <summary>Rows of one density; learned masks are compared whatever they keep, because their density is not chosen.</summary>
    private static bool IsComparable(StudyRow row, StudyRow other) => row.IsLearned || other.IsLearned
        ? row.IsLearned && other.IsLearned
        : Study.IsSame(other.Density, row.Density);

    /// <summary>Corrects the p-values of one density for each other, and marks its best row.</summary>
    private static IEnumerable<StudyRow> Judge(StudyRow[] family, Metric metric)
    {
        IReadOnlyList<DifferenceTest> tests = DifferenceTest.Test([.. family.Select(row => row.Difference)]);
        StudyRow? best = family.Length > 1 ? family.MaxBy(row => metric.Direction * row.Value.Mean) : null;
        return family.Select((row, i) => row with
        {
            IsBest = ReferenceEquals(row, best), Test = row.Difference is null ? null : tests[i], Verdict = metric.Direction * tests[i].Sign,
        });
    }
}
