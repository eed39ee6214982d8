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
    /// <summary>A search's table: <c>{"runs": […], "cells": […], "finding": "…"}</c>.</summary>
    /// <param name="runs">The ids of the runs.</param>
    /// <param name="table">The table.</param>
    public static JsonObject Write(IEnumerable<string> runs, SearchTable table) => Document(
        runs, table.Rows.SelectMany(row => row.Cells.Select(cell => Cell(row, cell))), SearchFinding.Describe(table));

    /// <summary>A section of several conditions; a value of an axis is null in a row that stands for several values.</summary>
    /// <param name="name">The section's name.</param>
    /// <param name="runs">The ids of the runs.</param>
    /// <param name="table">The table.</param>
    /// <param name="finding">Its finding.</param>
    /// <param name="missing">The planned runs that it lacks.</param>
    public static JsonObject Write(string name, IEnumerable<string> runs, StudyTable table, string finding, MissingRuns missing)
    {
        JsonObject json = Document(runs, table.Rows.Select(row => Cell(table, row)), finding);
        json.Insert(0, "name", name);
        json["missing"] = missing.Planned == missing.Finished ? null : Write(missing);
        return json;
    }

    private static JsonObject Write(MissingRuns missing) => new()
    {
        ["planned"] = missing.Planned,
        ["finished"] = missing.Finished,
        ["failed"] = new JsonArray([.. missing.Failed.Select(run => new JsonObject
        {
            ["condition"] = run.Condition, ["seed"] = run.Seed, ["level"] = run.Level, ["reason"] = run.Reason,
        })]),
    };

    /// <summary>A table of learned supermasks, which has one cell.</summary>
    /// <param name="runs">The ids of the runs.</param>
    /// <param name="table">The table.</param>
    public static JsonObject Write(IEnumerable<string> runs, SupermaskTable table) => Document(runs,
    [
        new JsonObject
        {
            ["level"] = table.Example.Level,
            ["density"] = Write(table.Density),
            ["control"] = KebabCase.Of(table.Example.Control),
            ["network"] = table.Example.Network,
            ["supermask"] = KebabCase.Of(table.Example.Supermask!.Weights),
            ["rescale"] = table.Example.Supermask.Rescale,
            ["accuracy"] = Write(table.Accuracy),
            ["thresholded_accuracy"] = Write(table.Thresholded),
            ["early_stop_step"] = Write(table.EarlyStop),
        },
    ], table.Describe());

    /// <summary>A table of masking as training: an array with an object per grid cell and level.</summary>
    public static JsonArray Write(MaskingTable table) => [.. table.Rows.Select(row => Cell(table, row))];

    private static JsonObject Document(IEnumerable<string> runs, IEnumerable<JsonObject> cells, string finding) => new()
    {
        ["runs"] = new JsonArray([.. runs.Select(id => (JsonNode)id)]),
        ["cells"] = new JsonArray([.. cells]),
        ["finding"] = finding,
    };

    private static JsonObject Cell(SearchRow row, SearchCell cell)
    {
        JsonObject json = Begin(cell.Example, row.Density);
        json["accuracy"] = Write(cell.Accuracy);
        json["early_stop_step"] = Write(cell.EarlyStop);
        json["difference"] = cell.Difference is { } difference ? Write(difference, first: ("minus", KebabCase.Of(cell.Against))) : null;
        json["against_dense"] = cell == row.Ticket ? AgainstDense(row) : null;
        return json;
    }

    private static JsonObject? AgainstDense(SearchRow row)
    {
        if (row is not { AgainstDense: { } difference, AsGood: { } verdict }) return null;
        JsonObject json = Write(difference);
        json["margin"] = NonInferiority.Margin;
        json["holm_p"] = Write(verdict.AdjustedP);
        json["holm_low"] = Write(verdict.Low);
        json["as_good"] = verdict.Holds;
        return json;
    }

    private static JsonObject Cell(StudyTable table, StudyRow row)
    {
        JsonObject json = Begin(row.Runs[0], row.Density);
        foreach ((RunField axis, string? value) in table.Axes.Zip(row.Values))
            if (axis.Name != StudyTable.ControlAxis) json[axis.Name] = value is null ? null : Value(axis, row.Runs[0]);
        json["accuracy"] = Write(row.Accuracy);
        if (row.IsLearned)
            json["thresholded_accuracy"] = Write(SupermaskTable.Create(row.Runs, table.TestImages).Thresholded);
        json["early_stop_step"] = Write(row.EarlyStop);
        json["reference"] = row.IsReference;
        JsonObject? difference = row.Difference is { } paired ? Write(paired) : null;
        if (difference is not null) difference["holm_p"] = Write(row.HolmP);
        json["difference"] = difference;
        json["best"] = row.IsBest;
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

    private static JsonObject Begin(RunSummary example, double density) => new()
    {
        ["level"] = example.Level,
        ["density"] = Write(density),
        ["control"] = KebabCase.Of(example.Control),
        ["network"] = example.Network,
        ["criterion"] = example.Criterion,
        ["mask1"] = example.Mask1,
        ["mask0"] = example.Mask0,
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

    private static JsonObject Write(PairedDifference difference, (string Key, string Value)? first = null)
    {
        JsonObject json = Write(difference.Estimate);
        if (first is { } pair) json.Insert(0, pair.Key, pair.Value);
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
