using System.Text.Json.Nodes;
using Lottery.Studies.Identity;

namespace Lottery.Report.Tables;

/// <summary>A study's end as JSON: shares 0–1; null where there is no number, and where a row stands for several values.</summary>
internal static class StudyTableJson
{
    /// <summary><c>{"runs": […], "cells": […], "finding": "…"}</c>.</summary>
    /// <param name="runs">The runs' ids.</param>
    /// <param name="table">The table.</param>
    public static JsonObject Of(IEnumerable<string> runs, StudyTable table) => new()
    {
        ["runs"] = new JsonArray([.. runs.Select(id => (JsonNode)id)]),
        ["cells"] = new JsonArray([.. table.Rows.Select(row => Cell(table, row))]),
        ["finding"] = StudyFinding.Of(table),
    };

    private static JsonNode Cell(StudyTable table, StudyRow row)
    {
        Outcome example = row.Runs[0];
        JsonObject json = new()
        {
            ["level"] = row.Level,
            ["density"] = SearchTableJson.Number(row.Density),
            ["control"] = KebabCase.Of(example.Control),
            ["network"] = example.Network,
            ["criterion"] = example.Criterion,
            ["mask1"] = example.Mask1,
            ["mask0"] = example.Mask0,
        };
        foreach ((string axis, string? value) in table.Axes.Zip(row.Values))
            if (axis != StudyTable.Control) json[axis] = value;
        json["accuracy"] = SearchTableJson.EstimateOf(row.Accuracy);
        if (row.IsLearned)
            json["thresholded_accuracy"] = SearchTableJson.EstimateOf(SupermaskTable.Of(row.Runs, table.TestImages).Thresholded);
        json["early_stop_step"] = SearchTableJson.EstimateOf(row.EarlyStop);
        json["reference"] = row.IsReference;
        json["difference"] = Difference(row);
        json["best"] = row.IsBest;
        return json;
    }

    /// <summary>Accuracy of the row − that of the reference.</summary>
    private static JsonObject? Difference(StudyRow row)
    {
        if (row.Difference is not { } difference) return null;
        JsonObject json = SearchTableJson.Paired(difference);
        json["holm_p"] = SearchTableJson.Number(row.HolmP);
        return json;
    }
}
