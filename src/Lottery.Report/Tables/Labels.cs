using System.Collections.Immutable;
using System.Globalization;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>What runs, settings, conditions and intervals are called in tables, charts and pages.</summary>
internal static class Labels
{
    /// <summary>The heading of the column that holds the early-stopping step.</summary>
    public const string EarlyStop = "early stop";

    /// <summary>The value of a setting that does not apply.</summary>
    public const string Absent = "–";

    /// <summary>A control in headings and legends; <c>ticket</c> for none.</summary>
    public static string Of(Control control) => control switch
    {
        Control.None => "ticket",
        Control.Reinit => "reinitialized",
        Control.RandomMask => "random mask",
        Control.Rewind => "rewound",
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "A control without a label."),
    };

    /// <summary>The value of a setting, as tables and legends write it; null where it does not apply.</summary>
    public static string? Value(RunField field, RunSummary run) => field.Name == StudyTable.ControlAxis ? Of(run.Control) : Write(field.Value(run));

    /// <summary>The value of a setting in a specification, likewise; of networks and data, which have names, none.</summary>
    public static string? Value(RunField field, RunSpecification run) => field.Name switch
    {
        StudyTable.ControlAxis => Of(run.Control),
        "network" => run.Network.Name,
        "data" => null,
        _ => Write(field.Setting!(run)),
    };

    private static string? Write(object? value) => value switch
    {
        null => null,
        string { Length: 64 } hash => RunIdentity.Short(hash),
        string text => text,
        bool flag => flag ? "yes" : "no",
        int count => NumberFormat.Count(count),
        double number => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
        var other => string.Create(CultureInfo.InvariantCulture, $"{other}"),
    };

    /// <summary>
    /// A condition by name and value of what distinguishes it, as in <c>reinitialized, learning rate 0.1</c>: the control first,
    /// settings that do not apply left out.
    /// </summary>
    /// <param name="axes">What differs between conditions.</param>
    /// <param name="values">The condition's value on each of them; null where it stands for several.</param>
    /// <returns>The name; empty if nothing distinguishes the condition.</returns>
    public static string Condition(ImmutableArray<RunField> axes, IEnumerable<string?> values)
    {
        (RunField Axis, string Value)[] known = [.. axes.Zip(values).Where(pair => pair.Second is not (null or Absent)).Select(pair => (pair.First, pair.Second!))];
        string ticket = Of(Control.None);
        string[] named =
        [
            .. known.Where(pair => IsControl(pair.Axis) && pair.Value != ticket).Select(pair => pair.Value),
            .. known.Where(pair => !IsControl(pair.Axis)).Select(pair => Setting(pair.Axis, pair.Value)),
        ];
        return named.Length > 0 ? string.Join(", ", named) : known.Any(pair => IsControl(pair.Axis)) ? ticket : "";
    }

    /// <summary>What the brackets of a table are, in a sentence that names the replicates or their absence.</summary>
    /// <param name="least">The fewest replicates that a row has.</param>
    /// <param name="most">The most replicates that a row has.</param>
    /// <param name="testSet">The test set, as <see cref="ComparisonSettings.TestSet"/>; null where no interval is over its examples.</param>
    public static string Brackets(int least, int most, string? testSet = null) => (most, testSet) switch
    {
        (1, null) => "One replicate: no interval can be given.",
        (1, _) => $"One replicate: the brackets are Wilson's 95 % over {testSet}, not over seeds.",
        _ => $"Brackets are pointwise 95 % intervals over {Replicates(least, most)}; differences are paired by seed.",
    };

    /// <summary>How many replicates the rows of a table have: <c>3 replicates</c>, <c>1 to 3 replicates</c>.</summary>
    public static string Replicates(int least, int most) => least == most ? NumberFormat.Counted(most, "replicate") : $"{least} to {most} replicates";

    private static bool IsControl(RunField axis) => axis.Name == StudyTable.ControlAxis;

    private static string Setting(RunField axis, string value) => value switch
    {
        "yes" when axis.Type == typeof(bool) => axis.Label,
        "no" when axis.Type == typeof(bool) => $"not {axis.Label}",
        _ => $"{axis.Label} {value}",
    };
}
