using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>What runs, controls and intervals are called in tables, charts and pages.</summary>
internal static class Labels
{
    /// <summary>The heading of the column that holds the early-stopping step.</summary>
    public const string EarlyStop = "early stop";

    /// <summary>A control in headings and legends; <c>ticket</c> for none.</summary>
    public static string Of(Control control) => control switch
    {
        Control.None => "ticket",
        Control.Reinit => "reinitialized",
        Control.RandomMask => "random mask",
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "A control without a label."),
    };

    /// <summary>What a run is: <c>dense</c>, <c>initial mask</c>, <c>ticket</c>, <c>supermask</c>, or its control's name in JSON.</summary>
    public static string Kind(RunSummary run) =>
        run.Control != Control.None ? KebabCase.Of(run.Control) : run.Supermask is not null ? "supermask" : run.Level > 0 ? "ticket" : run.Specification.IsDense ? "dense" : "initial mask";

    /// <summary>What the brackets of a table are, in a sentence that names the replicates or their absence.</summary>
    /// <param name="replicates">The most replicates that any row has.</param>
    /// <param name="testImages">Images in the test set; 0 if not known.</param>
    public static string Brackets(int replicates, int testImages) => (replicates, testImages) switch
    {
        (1, 0) => "One replicate: no interval can be given.",
        (1, _) => $"One replicate: the brackets are Wilson's 95 % over {NumberFormat.Count(testImages)} test images, not over seeds.",
        _ => $"Brackets are 95 % intervals over up to {replicates} replicates; differences are paired by seed.",
    };
}
