using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Masks;
using Lottery.Report.Statistics;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>Tables as JSON. Accuracies, densities and fractions are 0–1; a value that is not finite is null.</summary>
internal static class TableJson
{
    /// <summary>
    /// The result of a search or a study; a value of an axis is null in a row that stands for several values. docs/studies.md describes
    /// its keys.
    /// </summary>
    /// <param name="name">The section's name.</param>
    /// <param name="runs">The ids of the runs.</param>
    /// <param name="table">The table.</param>
    /// <param name="finding">Its finding.</param>
    public static JsonObject Write(string name, IEnumerable<string> runs, StudyTable table, string finding)
    {
        StudyFacts facts = StudyFacts.Of(table);
        return new()
        {
            ["name"] = name,
            ["metric"] = table.Metric.Key,
            ["at_step"] = table.Metric.Step,
            ["runs"] = new JsonArray([.. runs.Select(id => (JsonNode)id)]),
            ["cells"] = new JsonArray([.. table.Rows.Select(row => Cell(table, row))]),
            ["best"] = new JsonArray([.. BestDensities.Of(table).Select(one => Best(table, one))]),
            ["judged"] = facts.Judged is { } judged && !judged.IsLearned ? new JsonObject { ["density"] = Write(judged.Density), ["by"] = KebabCase.Of(facts.By) } : null,
            ["finding"] = finding,
            ["missing"] = table.Missing.Planned == table.Missing.Finished ? null : Write(table.Missing),
        };
    }

    private static JsonObject Write(MissingRuns missing) => new()
    {
        ["planned"] = missing.Planned,
        ["finished"] = missing.Finished,
        ["failed"] = new JsonArray([.. missing.Lost.Where(run => !run.IsSkipped).Select(Write)]),
        ["skipped"] = new JsonArray([.. missing.Lost.Where(run => run.IsSkipped).Select(Write)]),
    };

    private static JsonObject Write(LostRun run) => new()
    {
        ["run"] = run.Id, ["condition"] = run.Condition, ["seed"] = run.Seed, ["level"] = run.Level, ["reason"] = run.Reason, ["attempts"] = run.Attempts,
    };

    /// <summary>A table of masking as training: an array with an object per grid cell and level.</summary>
    public static JsonArray Write(MaskingTable table) => [.. table.Rows.Select(row => Cell(table, row))];

    private static JsonObject Cell(StudyTable table, StudyRow row)
    {
        RunSummary example = row.Runs[0];
        JsonObject json = new()
        {
            ["level"] = row.Level,
            ["density"] = Write(row.Density),
            ["density_of_all"] = Write(StudyColumns.DensityOfAll(row)),
            ["control"] = KebabCase.Of(example.Control),
            ["network"] = example.Network,
            ["criterion"] = example.Criterion,
            ["mask1"] = example.Mask1,
            ["mask0"] = example.Mask0,
        };
        if (example.Supermask is { } supermask) (json["supermask"], json["rescale"]) = (KebabCase.Of(supermask.Weights), supermask.Rescale);
        foreach ((RunField axis, string? value) in table.Axes.Zip(row.Values))
            if (axis.Name != StudyTable.ControlAxis) json[axis.Name] = value is null ? null : Value(axis, example);
        json[table.Metric.Key] = Write(row.Value);
        if (row.Thresholded is { } thresholded) json["thresholded_accuracy"] = Write(thresholded);
        json["early_stop_step"] = Write(row.EarlyStop);
        json["censored"] = row.Censored;
        json["lost_seeds"] = new JsonArray([.. row.LostSeeds.Select(seed => (JsonNode)seed)]);
        json["against_dense"] = row.AgainstDense is { } against ? Write(table.Metric, against) : null;
        json["reference"] = row.IsReference;
        json["difference"] = row.Difference is { } paired ? Write(paired, row.Test, row.Verdict) : null;
        json["best"] = row.IsBest;
        return json;
    }

    private static JsonObject Write(Metric metric, DenseComparison against)
    {
        JsonObject steps = Write(against.Step, against.StepTest, against.StepVerdict);
        steps["bound"] = against.Bound == StepBound.None ? null : KebabCase.Of(against.Bound);
        JsonObject json = new()
        {
            ["family"] = against.ValueTest.Family,
            [metric.Key] = Write(against.Value, against.ValueTest, against.Verdict),
            ["as_good"] = against.AsGood is { } asGood ? new JsonObject
            {
                ["margin"] = Write(against.Margin), ["p"] = Write(asGood.P), ["holm_p"] = Write(asGood.AdjustedP), ["holm_low"] = Write(asGood.Low), ["holds"] = asGood.Holds,
            } : null,
        };
        json["early_stop_step"] = steps;
        return json;
    }

    private static JsonObject Best(StudyTable table, BestDensities one)
    {
        JsonObject json = new() { ["condition"] = one.Name };
        foreach ((RunField axis, string value) in table.Axes.Zip(one.Values)) json[axis.Name] = value == Labels.Absent ? null : value;
        json["each_run"] = Write(one.EachRun);
        json["best_mean"] = new JsonObject { ["density"] = Write(one.Density), [table.Metric.Key] = Write(one.HighestMean) };
        json["on_validation"] = one.OnValidation is { } chosen ? Write(chosen) : null;
        return json;
    }

    private static JsonObject Cell(MaskingTable table, MaskingRow row)
    {
        JsonObject json = new() { ["level"] = row.Level, ["density"] = Write(row.Density) };
        foreach ((RunField axis, string value) in table.Axes.Zip(row.Values)) json[axis.Name] = value == Labels.Absent ? null : value;
        json["initial_accuracy"] = Write(row.InitialAccuracy);
        json["all"] = Write(row.All);
        json["layers"] = new JsonObject(row.Layers.Select(layer => KeyValuePair.Create(layer.Layer, (JsonNode?)Write(layer.Fractions))));
        return json;
    }

    private static JsonValue? Value(RunField axis, RunSummary run) => axis.Value(run) switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        int count => JsonValue.Create(count),
        double number => Write(number),
        var other => JsonValue.Create(other.ToString()),
    };

    private static JsonObject Write(ImmutableDictionary<MaskingMeasure, MaskingFractions> measures) =>
        new(measures.OrderBy(measure => measure.Key).Select(measure => KeyValuePair.Create(KebabCase.Of(measure.Key), (JsonNode?)Write(measure.Value))));

    private static JsonObject Write(MaskingFractions fractions) => new()
    {
        ["pruned"] = Write(fractions.Pruned),
        ["all"] = Write(fractions.Trained),
        ["random_mask"] = Write(fractions.Random),
        ["difference_from_all"] = Write(fractions.FromTrained),
        ["difference"] = Write(fractions.Difference),
    };

    /// <summary>A difference with its pointwise interval, the p-value, and what Holm's procedure makes of both.</summary>
    private static JsonObject Write(PairedDifference difference, DifferenceTest? test, int verdict)
    {
        JsonObject json = Write(difference.Estimate);
        json["p"] = Write(difference.P);
        json["holm_p"] = Write(test?.AdjustedP ?? double.NaN);
        json["holm_low"] = Write(test?.Interval?.Low ?? double.NaN);
        json["holm_high"] = Write(test?.Interval?.High ?? double.NaN);
        json["verdict"] = verdict switch { 1 => "better", -1 => "worse", _ => null };
        return json;
    }

    private static JsonObject Write(PairedDifference difference)
    {
        JsonObject json = Write(difference.Estimate);
        json["p"] = Write(difference.P);
        return json;
    }

    /// <summary>A mean with its interval.</summary>
    public static JsonObject Write(Estimate estimate) => new()
    {
        ["mean"] = Write(estimate.Mean),
        ["low"] = Write(estimate.Low),
        ["high"] = Write(estimate.High),
        ["n"] = estimate.Count,
        ["interval"] = estimate.Over switch
        {
            IntervalKind.Replicates => "replicates",
            IntervalKind.TestImages => "test-images",
            _ => null,
        },
    };

    /// <summary>A number; null if it is not finite.</summary>
    public static JsonValue? Write(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
