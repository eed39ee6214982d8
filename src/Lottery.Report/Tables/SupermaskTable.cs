using System.Text.Json.Nodes;
using Lottery.Report.Statistics;
using Lottery.Studies.Identity;

namespace Lottery.Report.Tables;

/// <summary>Learned supermasks in numbers: the replicates of one kind summed up.</summary>
/// <param name="Example">Any one of the replicates.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, the mean of ten sampled masks, 0–1.</param>
/// <param name="Thresholded">Test accuracy of the most probable mask there, 0–1.</param>
/// <param name="Density">What the most probable mask keeps, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
/// <param name="TestImages">The size of the test set.</param>
public sealed record SupermaskTable(
    Outcome Example, Estimate Accuracy, Estimate Thresholded, double Density, Estimate EarlyStop, int TestImages)
{
    /// <summary>The table of <paramref name="runs"/>, which differ in seed alone; at least one.</summary>
    public static SupermaskTable Of(IEnumerable<Outcome> runs, int testImages)
    {
        Outcome[] all = [.. runs];
        Outcome[] likely = [.. all.Select(run => run with { Accuracy = run.ThresholdedAccuracy ?? double.NaN })];
        return new(all[0], SearchTable.AccuracyOf(all, testImages), SearchTable.AccuracyOf(likely, testImages),
            Outcome.MeanDensity(all), Estimate.FromValues([.. all.Select(run => (double)run.EarlyStopStep)]), testImages);
    }

    /// <summary>The header, one line, and a last one where the intervals need a word.</summary>
    public IEnumerable<string> Lines()
    {
        string[][] lines =
        [
            ["sampled masks", "most probable mask", "keeps", "stops at"],
            [NumberFormat.Accuracy(Accuracy), NumberFormat.Accuracy(Thresholded), NumberFormat.Density(Density), NumberFormat.Count(EarlyStop.Mean)],
        ];
        foreach (string line in TextGrid.Lines(lines, false, false, true, true)) yield return $" {line}";
        if (Accuracy.Count == 1)
            yield return $" One replicate: the brackets are Wilson's 95 % over {NumberFormat.Count(TestImages)} test images, not over seeds.";
    }

    /// <summary>What was found, in a sentence.</summary>
    public string Finding() =>
        $"No weight was trained: masks sampled by their learned probabilities have an accuracy of {NumberFormat.Accuracy(Accuracy, " %")} "
        + $"on average, and the most probable mask, which keeps {NumberFormat.Density(Density)} of the weights, "
        + $"{NumberFormat.Accuracy(Thresholded, " %")}{(Accuracy.Count == 1 ? " (one replicate, so nothing is claimed over seeds)" : "")}.";

    /// <summary><c>{"runs": […], "cells": […], "finding": "…"}</c>: shares 0–1; null where there is no number.</summary>
    /// <param name="runs">The runs' ids.</param>
    public JsonObject Json(IEnumerable<string> runs) => new()
    {
        ["runs"] = new JsonArray([.. runs.Select(id => (JsonNode)id)]),
        ["cells"] = new JsonArray(new JsonObject
        {
            ["level"] = Example.Level,
            ["density"] = SearchTableJson.Number(Density),
            ["control"] = KebabCase.Of(Example.Control),
            ["network"] = Example.Network,
            ["supermask"] = KebabCase.Of(Example.Supermask!.Weights),
            ["rescale"] = Example.Supermask.Rescale,
            ["accuracy"] = SearchTableJson.EstimateOf(Accuracy),
            ["thresholded_accuracy"] = SearchTableJson.EstimateOf(Thresholded),
            ["early_stop_step"] = SearchTableJson.EstimateOf(EarlyStop),
        }),
        ["finding"] = Finding(),
    };
}
