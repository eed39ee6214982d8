using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Masks;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>All that is known of one run.</summary>
internal sealed class RunsShowCommand : StoreCommand
{
    private const int CurveWidth = 40;

    private readonly Argument<string> _id = new("ID") { Description = "An id, or the beginning of one." };

    public RunsShowCommand(Terminal terminal)
        : base("show", "Show a run's specification and results.", "lottery runs show 3f2a", terminal) => Add(_id);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        RunDocument document = store.Show(parsed.GetValue(_id)!);
        if (parsed.GetValue(Common.Json)) Write(JsonNode.Parse(document.Write())!);
        else
        {
            double[] accuracies = [.. store.Evaluations(document.Id).Select(at => at.Accuracy)];
            Write(TextGrid.Lines([.. Lines(document, store.Paths.Run(document.Id), accuracies)]));
        }
        return 0;
    }

    private static IEnumerable<string[]> Lines(RunDocument document, string folder, double[] accuracies)
    {
        var run = RunRecord.Of(document);
        RunMetrics metrics = document.Metrics;
        return
        [
            ["id", run.Id],
            .. Known("comes from", run.Parent),
            .. Known("ticket", run.Ticket),
            ["network", $"{run.Network} on {run.Data}, seed {run.Seed}"],
            ["level", $"{run.Level}, {NumberFormat.Density(run.Density)} ({NumberFormat.Count(run.Kept)} of {NumberFormat.Count(run.Weights)} weights)"],
            .. Known("began with", run.GivenMask is null ? null : $"the given mask {RunIdentity.Short(run.GivenMask)}"),
            .. Known("began at", run.GivenInitial is null ? null : $"the given weights {RunIdentity.Short(run.GivenInitial)}"),
            .. Known("trained", run.GivenFinal is null ? null : $"elsewhere, to the given weights {RunIdentity.Short(run.GivenFinal)}"),
            .. Known("made by", run.Mask1 is null ? null : string.Join(", ", new[] { run.Criterion, run.Mask1, run.Mask0 }.OfType<string>())),
            .. Known("learned on", run.Supermask is null ? null : $"{run.Supermask} weights{(run.Rescale == true ? ", rescaled" : "")}"),
            .. Known("control", run.Control == "none" ? null : run.Control),
            ["accuracy", $"{NumberFormat.Percent(run.Accuracy)} % at step {NumberFormat.Count(run.EarlyStopStep)}, where it would stop early"],
            .. Known("likely mask", run.ThresholdedAccuracy is not { } likely ? null : $"{NumberFormat.Percent(likely)} % there, the most probable one"),
            ["finally", $"{NumberFormat.Percent(run.FinalAccuracy)} % at step {NumberFormat.Count(run.Steps)}"],
            ["loss", $"{Number(metrics.Training.Loss)} nats there, {Number(metrics.Training.FinalLoss)} finally"],
            .. Known("at step 0", metrics.Training is not { InitialAccuracy: { } accuracy, InitialLoss: { } loss } ? null
                : $"{NumberFormat.Percent(accuracy)} % of the validation examples, {Number(loss)} nats"),
            .. metrics.Pruning.Masking is { } masking ? Pruned(masking) : [],
            .. Known("validation", accuracies.Length < 2 ? null
                : $"{SparkText.Of(accuracies, CurveWidth)} {NumberFormat.Percent(accuracies.Min())} to {NumberFormat.Percent(accuracies.Max())} %"),
            .. Known("last kept in", metrics.Pruning.KeptLast.IsEmpty ? null : string.Join(", ", metrics.Pruning.KeptLast)),
            ["took", $"{NumberFormat.Duration(run.Seconds)} training, {NumberFormat.Duration(run.EvaluationSeconds)} evaluating, "
                + $"{NumberFormat.Duration(run.TotalSeconds)} in all"],
            ["ended", run.Ended.ToString("u", CultureInfo.InvariantCulture)],
            ["files", folder],
        ];
    }

    /// <summary>Masking as training: a line for each layer that lost weights.</summary>
    private static IEnumerable<string[]> Pruned(ImmutableSortedDictionary<string, MaskingMetrics> masking) =>
        from layer in masking
        where layer.Value.Pruned > 0
        select new[]
        {
            $"pruned in {layer.Key}",
            $"{NumberFormat.Count(layer.Value.Pruned)}; {NumberFormat.Percent(MaskingMetrics.Fraction(layer.Value))} % ended nearer 0 than their "
                + $"start (random {NumberFormat.Percent(MaskingMetrics.RandomFraction(layer.Value))} %)",
        };

    private static string[][] Known(string what, string? value) => value is null ? [] : [[what, value]];

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
