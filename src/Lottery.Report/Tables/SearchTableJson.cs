using System.Text.Json.Nodes;
using Lottery.Report.Statistics;
using Lottery.Studies.Identity;

namespace Lottery.Report.Tables;

/// <summary>A search's end as JSON: shares 0–1; null where there is no number.</summary>
internal static class SearchTableJson
{
    /// <summary><c>{"runs": […], "cells": […], "finding": "…"}</c>.</summary>
    /// <param name="runs">The runs' ids.</param>
    /// <param name="table">The table.</param>
    public static JsonObject Of(IEnumerable<string> runs, SearchTable table) => new()
    {
        ["runs"] = new JsonArray([.. runs.Select(id => (JsonNode)id)]),
        ["cells"] = new JsonArray([.. table.Rows.SelectMany(row => row.Cells.Select(cell => CellOf(row, cell)))]),
        ["finding"] = SearchFinding.Of(table),
    };

    private static JsonNode CellOf(Row row, Cell cell) => new JsonObject
    {
        ["level"] = row.Level,
        ["density"] = Number(row.Density),
        ["control"] = KebabCase.Of(cell.Control),
        ["network"] = cell.Example.Network,
        ["criterion"] = cell.Example.Criterion,
        ["mask1"] = cell.Example.Mask1,
        ["mask0"] = cell.Example.Mask0,
        ["accuracy"] = EstimateOf(cell.Accuracy),
        ["early_stop_step"] = EstimateOf(cell.EarlyStop),
        ["difference"] = DifferenceOf(cell),
        ["against_dense"] = cell == row.Ticket ? AgainstDense(row) : null,
    };

    /// <summary>Accuracy of the ticket − that of the control that is named.</summary>
    private static JsonObject? DifferenceOf(Cell cell)
    {
        if (cell.Difference is not { } difference) return null;
        JsonObject json = Paired(difference);
        json.Insert(0, "minus", KebabCase.Of(cell.Against));
        return json;
    }

    private static JsonObject? AgainstDense(Row row)
    {
        if (row is not { AgainstDense: { } difference, AsGood: { } verdict }) return null;
        JsonObject json = Paired(difference);
        json["margin"] = NonInferiority.Margin;
        json["holm_p"] = Number(verdict.AdjustedP);
        json["holm_low"] = Number(verdict.Low);
        json["as_good"] = verdict.Holds;
        return json;
    }

    internal static JsonObject Paired(PairedDifference difference)
    {
        JsonObject json = EstimateOf(difference.Estimate);
        json["p"] = Number(difference.P);
        return json;
    }

    internal static JsonObject EstimateOf(Estimate estimate) => new()
    {
        ["mean"] = Number(estimate.Mean),
        ["low"] = Number(estimate.Low),
        ["high"] = Number(estimate.High),
        ["n"] = estimate.Count,
        ["interval"] = estimate.Over switch
        {
            IntervalKind.Replicates => "replicates",
            IntervalKind.TestImages => "test-images",
            _ => null,
        },
    };

    internal static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
