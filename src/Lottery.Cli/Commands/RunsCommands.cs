using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Studies;
using Lottery.Cli.Tables;
using Lottery.Masks;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Maintenance;
using Lottery.Training;

namespace Lottery.Cli.Commands;

/// <summary>The runs of a store.</summary>
internal sealed class RunsCommand : Command
{
    public RunsCommand(Terminal terminal) : base("runs", "List, show, compare, export, verify or remove runs.")
    {
        Add(new RunsListCommand(terminal));
        Add(new RunsShowCommand(terminal));
        Add(new RunsDiffCommand(terminal));
        Add(new RunsCompareCommand(terminal));
        Add(new RunsMaskingCommand(terminal));
        Add(new RunsExportCommand(terminal));
        Add(new RunsVerifyCommand(terminal));
        Add(new RunsRemoveCommand(terminal));
        Add(new RunsDiscardCommand(terminal));
        Add(new RunsCollectCommand(terminal));
    }
}

/// <summary>Shows one run: specification, results and files.</summary>
internal sealed class RunsShowCommand : StoreCommand
{
    private const int CurveWidth = 40;

    private readonly Argument<string> _id = new("ID") { Description = "A run's id, or the beginning of one." };

    public RunsShowCommand(Terminal terminal)
        : base("show", "Show a run's specification and results.", "lottery runs show 3f2a", terminal) => Add(_id);

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string id = store.Resolve(parsed.GetValue(_id)!);
        if (parsed.GetValue(Common.Json)) Write(Published(store.Document(id)));
        else
        {
            double[] accuracies = [.. store.Evaluations(id).Select(at => at.Accuracy)];
            Write(TextTable.OfFacts(Lines(store.Summary(id), store.Paths.Run(id), accuracies)));
        }
        return 0;
    }

    /// <summary>The content of <c>run.json</c>; a metric that is not finite is null, as in every document for programs.</summary>
    private static JsonObject Published(JsonObject document)
    {
        JsonObject results = document["results"]!.AsObject();
        foreach (string name in results.Where(metric => IsNotFinite(metric.Value)).Select(metric => metric.Key).ToArray()) results[name] = null;
        foreach (JsonObject inner in results.Select(metric => metric.Value).OfType<JsonObject>())
            foreach (string name in inner.Where(metric => IsNotFinite(metric.Value)).Select(metric => metric.Key).ToArray()) inner[name] = null;
        return document;
    }

    private static bool IsNotFinite(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String && MetricConverter.IsWord(value.GetValue<string>());

    private static IEnumerable<string[]> Lines(RunSummary run, string folder, double[] accuracies)
    {
        StartSpecification? start = run.Specification.Start;
        TrainingMetrics metrics = run.Metrics;
        return
        [
            ["id", run.Id],
            .. Fact("parent", run.Parent),
            .. Fact("ticket", run.Ticket),
            ["network", $"{run.Network} on {run.Data}, seed {run.Seed}"],
            ["level", $"{run.Level}, density {NumberFormat.Density(run.Density)} ({NumberFormat.Count(run.Kept)} of {NumberFormat.Count(run.Weights)} weights)"],
            .. Fact("initial mask", start?.Mask is { } mask ? RunIdentity.Short(mask) : null),
            .. Fact("initial weights", start?.Initial is { } initial ? RunIdentity.Short(initial) : null),
            .. Fact("pretrained", start?.Pretrained is { } pretrained ? $"trained weights {RunIdentity.Short(pretrained)}" : null),
            .. Fact("pruned by", run.Mask1 is null ? null : string.Join(", ", new[] { run.Criterion, run.Mask1, run.Mask0 }.OfType<string>())),
            .. Fact("supermask", run.Supermask is { } supermask ? $"learned on {KebabCase.Of(supermask.Weights)} weights{(supermask.Rescale ? ", rescaled" : "")}" : null),
            .. Fact("control", run.Control == Control.None ? null : RunLabel.Title(run)),
            ["accuracy", $"{NumberFormat.Percent(run.Accuracy)} % at the early-stopping step {NumberFormat.Count(run.EarlyStopStep)}"],
            .. Fact("thresholded", run.ThresholdedAccuracy is not { } thresholded ? null : $"{NumberFormat.Percent(thresholded)} % with the thresholded mask at that step"),
            ["final", $"{NumberFormat.Percent(run.FinalAccuracy)} % at step {NumberFormat.Count(run.Steps)}"],
            ["loss", $"{Number(metrics.Loss)} nats at the early-stopping step, {Number(metrics.FinalLoss)} at the last"],
            ["at step 0", $"{NumberFormat.Percent(metrics.InitialAccuracy)} % validation accuracy, loss {Number(metrics.InitialLoss)} nats"],
            .. run.Pruning.Masking is { } masking ? Pruned(masking) : [],
            .. Fact("validation", accuracies.Length < 2 ? null
                : $"{SparkText.Of(accuracies, CurveWidth)} {NumberFormat.Percent(accuracies.Min())} to {NumberFormat.Percent(accuracies.Max())} %"),
            .. Fact("last kept in", run.Pruning.KeptLast.IsEmpty ? null : string.Join(", ", run.Pruning.KeptLast)),
            ["time", $"{NumberFormat.Duration(metrics.Seconds)} training, {NumberFormat.Duration(metrics.EvaluationSeconds)} evaluating, "
                + $"{NumberFormat.Duration(metrics.TotalSeconds)} in total"],
            ["finished", run.Ended.ToString("u", CultureInfo.InvariantCulture)],
            ["files", folder],
        ];
    }

    /// <summary>Masking as training: a line for each layer that was pruned.</summary>
    private static IEnumerable<string[]> Pruned(ImmutableSortedDictionary<string, MaskingMetrics> masking) =>
        from layer in masking
        where layer.Value.Pruned > 0
        select new[]
        {
            $"pruned in {layer.Key}",
            $"{NumberFormat.Count(layer.Value.Pruned)}; training had moved {Fraction(layer.Value, MaskingMeasure.Towards)} towards 0, made "
                + $"{Fraction(layer.Value, MaskingMeasure.Decreased)} smaller, and left {Fraction(layer.Value, MaskingMeasure.Nearer)} nearer to 0 than to their "
                + "initial value (in parentheses: a random mask)",
        };

    private static string Fraction(MaskingMetrics layer, MaskingMeasure measure) =>
        $"{NumberFormat.Percent(MaskingMetrics.Fraction(measure, layer))} % ({NumberFormat.Percent(MaskingMetrics.RandomFraction(measure, layer))} %)";

    private static string[][] Fact(string what, string? value) => value is null ? [] : [[what, value]];

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}

/// <summary>Compares two runs: their specifications and the hashes of their stages.</summary>
internal sealed class RunsDiffCommand : StoreCommand
{
    private const string None = "–";

    private readonly Argument<string> _left = new("A") { Description = "A run's id, or the beginning of one." };
    private readonly Argument<string> _right = new("B") { Description = "Another run's." };

    public RunsDiffCommand(Terminal terminal) : base("diff", "Show what differs in two runs' specifications, and the first stage whose results differ.",
        "lottery runs diff 3f2a 91c0", terminal)
    {
        Add(_left);
        Add(_right);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string left = store.Resolve(parsed.GetValue(_left)!), right = store.Resolve(parsed.GetValue(_right)!);
        (string Field, string? Left, string? Right)[] differences = [.. Differences(store.Document(left), store.Document(right))];
        string? stage = RunStages.FirstDifference(store.Stages(left), store.Stages(right));
        if (parsed.GetValue(Common.Json)) Write(Document(left, right, differences, stage));
        else Write(Lines(left, right, differences, stage, Terminal.Width));
        return 0;
    }

    private static IEnumerable<(string, string?, string?)> Differences(JsonObject left, JsonObject right)
    {
        SortedDictionary<string, string> a = SpecificationFields.Flatten(left["specification"]!), b = SpecificationFields.Flatten(right["specification"]!);
        return from field in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal)
               let values = (Left: a.GetValueOrDefault(field), Right: b.GetValueOrDefault(field))
               where values.Left != values.Right
               select (field, values.Left, values.Right);
    }

    private static IEnumerable<string> Lines(
        string left, string right, (string Field, string? Left, string? Right)[] differences, string? stage, int? width)
    {
        string[][] rows = [.. differences.Select(one => new[] { one.Field, Value(one.Left), Value(one.Right) })];
        if (rows.Length == 0) yield return "The specifications are equal.";
        else
            foreach (string line in new TextTable(new Column("specification"), new(RunIdentity.Short(left)), new(RunIdentity.Short(right))).Add(rows).Lines(width))
                yield return line;
        yield return "";
        yield return stage is null ? "The results of every stage are bit-identical." : $"First stage that differs: {stage}.";
    }

    private static JsonObject Document(
        string left, string right, (string Field, string? Left, string? Right)[] differences, string? stage) => new()
    {
        ["a"] = left,
        ["b"] = right,
        ["specification"] = new JsonArray([.. differences.Select(one =>
            new JsonObject { ["field"] = one.Field, ["a"] = one.Left, ["b"] = one.Right })]),
        ["first_stage"] = stage,
    };

    private static string Value(string? value) => value is null ? None : value.Length == 64 ? RunIdentity.Short(value) : value;
}

/// <summary>Measures masking as training: whether pruning moved weights the way training had (Zhou et al. 2019, section 4).</summary>
internal sealed class RunsMaskingCommand : StoreCommand
{
    private readonly Argument<string?> _study = new("STUDY")
    {
        Description = "A study's name in the store; without one, all runs.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _level = LevelList.Option("Only these levels. [default: all]");

    public RunsMaskingCommand(Terminal terminal)
        : base("masking", "Show whether pruning moved weights in the direction of training, by condition and density.",
            "lottery runs masking criteria", terminal)
    {
        Add(_study);
        Add(_level);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        HashSet<string>? ids = parsed.GetValue(_study) is { } name ? [.. StoredStudy.Ids(store, name)] : null;
        RunSummary[] runs =
        [
            .. store.List().Where(run => MaskingTable.HasRow(run) && ids?.Contains(run.Id) != false),
        ];
        if (runs.Length == 0)
            throw new UserException($"{store.Paths.Root} has no run {(ids is null ? "" : "of that study ")}that was pruned by a "
                + "score: `lottery find` creates some.");
        MaskingTable table = Table(AtLevels(runs, LevelList.Of(parsed, _level)));
        if (parsed.GetValue(Common.Json)) Write(TableJson.Write(table));
        else Write(TableText.Lines(table, Terminal.Width));
        return 0;
    }

    private static RunSummary[] AtLevels(RunSummary[] runs, int[] levels)
    {
        if (levels.Length == 0) return runs;
        RunSummary[] chosen = [.. runs.Where(run => levels.Contains(run.Level))];
        return chosen.Length > 0 ? chosen : throw new UserException(
            $"None of these runs is of level {string.Join(", ", levels)}: there are level {string.Join(", ", runs.Select(run => run.Level).Distinct().Order())}.");
    }

    private static MaskingTable Table(RunSummary[] runs)
    {
        var cells = ConditionGroups.Create(runs);
        return MaskingTable.Create(cells.Axes, cells.Groups.Select(cell => new MaskingGroup(cell.Values, cell.Runs)));
    }
}

/// <summary>Exports a run for other programs.</summary>
internal sealed class RunsExportCommand : StoreCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "A run's id, or the beginning of one." };

    private readonly OutputOption _to = new("A new or empty folder, or with --force that of an earlier export.", required: true, "--to", "DIR");

    public RunsExportCommand(Terminal terminal)
        : base("export", "Write a run's weights and mask as safetensors, its curves as CSV.",
            "lottery runs export 3f2a --to ticket", terminal)
    {
        Add(_id);
        foreach (Option option in _to.All) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        RunStore store = Open(parsed);
        string id = store.Resolve(parsed.GetValue(_id)!), folder = Path.GetFullPath(_to.ValueOf(parsed)!);
        OutputFile.RequireFolder(folder, _to.Name);
        store.Export(id, folder, _to.IsForced(parsed));
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["id"] = id, ["folder"] = folder });
        else Write($"Run {RunIdentity.Short(id)} is in {folder}.");
        return 0;
    }
}
