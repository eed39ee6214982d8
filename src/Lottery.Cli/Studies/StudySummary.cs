using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Cli.Searches;
using Lottery.Cli.Tables;
using Lottery.Cuda.Estimates;
using Lottery.Formats.Yaml;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;

namespace Lottery.Cli.Studies;

/// <summary>A study's plan and result, as text and as JSON.</summary>
internal static class StudySummary
{
    /// <summary>The resolved study, defaults included, and what it costs.</summary>
    /// <param name="work">The study's plan, compared with the store.</param>
    /// <param name="jobs">Threads in all.</param>
    /// <param name="bytes">The memory of the whole program.</param>
    /// <param name="card">What a card would take; null without one.</param>
    public static IEnumerable<string> Plan(StudyWork work, int jobs, long bytes, CardEstimate? card = null)
    {
        Study study = work.Plan.Study;
        foreach ((YamlScalar key, YamlNode value) in study.Resolved.Entries)
        {
            if (key.Value != "matrix" || value is not YamlMap { Entries.Length: > 0 } matrix)
            {
                yield return $"{key.Value}: {value.Line}";
                continue;
            }
            yield return "matrix:";
            foreach ((YamlScalar axis, YamlNode values) in matrix.Entries) yield return $"  {axis.Value}: {values.Line}";
        }
        yield return "";
        yield return $"{Several(study.Cells.Length, "cell")} × {Several(study.Replicates, "replicate")} = "
            + $"{Several(work.Plan.Tasks.Length, "run")}, equal ones counted once; {NumberFormat.Count(work.There)} finished.";
        yield return work.Missing.IsEmpty ? "Nothing is left to train."
            : $"Left: {Several(work.Missing.Length, "run")}, {NumberFormat.Count(work.MultiplyAdds / 1e9)} billion multiply-adds, about "
                + $"{NumberFormat.Duration(Wait(work, jobs))} with {Several(jobs, "job")}, by estimate.";
        if (card is not null && !work.Missing.IsEmpty) yield return StudyOnCard.Text(card);
        if (work.MemoryPlan(bytes, jobs) is { Largest: not null } memory) yield return MemoryText.Of(memory);
    }

    /// <summary>The same as one document.</summary>
    public static JsonObject PlanJson(StudyWork work, int jobs, long bytes, CardEstimate? card = null)
    {
        MemoryPlan memory = work.MemoryPlan(bytes, jobs);
        Study study = work.Plan.Study;
        return new()
        {
            ["study"] = study.Name,
            ["resolved"] = Json(study.Resolved),
            ["cells"] = study.Cells.Length,
            ["replicates"] = study.Replicates,
            ["runs"] = work.Plan.Tasks.Length,
            ["finished"] = work.There,
            ["multiply_adds"] = work.MultiplyAdds,
            ["seconds"] = Wait(work, jobs),
            ["card"] = card is null ? null : StudyOnCard.Json(card),
            ["memory"] = new JsonObject
            {
                ["bytes"] = memory.Bytes, ["shared"] = memory.Shared, ["largest_run"] = memory.LargestBytes, ["runs_at_once"] = memory.AtOnce,
            },
            ["ids"] = Output.Json.Array(work.Plan.Ids),
        };
    }

    /// <summary>What is studied.</summary>
    public static string Title(Study study, int runs) =>
        $"{study.Name} · {Several(study.Cells.Length, "cell")} × {Several(study.Replicates, "replicate")} · {Several(runs, "run")}"
        + (study.About is null ? "" : $" · {study.About}");

    /// <summary>Table, finding and plot of each section, under its name if there are several.</summary>
    public static IEnumerable<string> Lines(ImmutableArray<ReportSection> sections, int? width)
    {
        foreach ((int i, ReportSection section) in sections.Index())
        {
            if (i > 0) yield return "";
            if (sections.Length > 1) foreach (string line in TextTable.Paragraph(section.Name, width)) yield return line;
            foreach (string line in TableText.Lines(section.Table, width)) yield return line;
            yield return "";
            if (section.IsUntrained && !section.Best.IsEmpty)
            {
                foreach (string line in TableText.Lines(section.Best, section.Settings.Examples, width)) yield return line;
                yield return "";
            }
            foreach (string line in TextTable.Paragraph(section.Finding, width)) yield return line;
            string[] plot = [.. PlotText.Lines(section.Table, width)];
            if (plot.Length > 0) yield return "";
            foreach (string line in plot) yield return line;
        }
    }

    /// <summary>The same as one document: <c>{"study": …, "sections": [{"name": …, "runs": […], "cells": […], "best": […], "finding": …}]}</c>.</summary>
    public static JsonObject SectionsJson(string study, ImmutableArray<ReportSection> sections) => new()
    {
        ["study"] = study,
        ["sections"] = new JsonArray([.. sections.Select(section => Json(section))]),
    };

    /// <summary>One section as a document: what <c>find</c> prints.</summary>
    /// <param name="section">The section.</param>
    /// <param name="ids">The ids of its runs, as they were planned; null for the order of its conditions.</param>
    public static JsonObject Json(ReportSection section, IEnumerable<string>? ids = null) =>
        TableJson.Write(section.Name, ids ?? section.Runs.Select(run => run.Id), section.Table, section.Finding);

    /// <summary>A count of things.</summary>
    public static string Several(int count, string what) => $"{NumberFormat.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static double Wait(StudyWork work, int jobs) => work.Wait(Math.Max(1, Math.Min(jobs, work.Missing.Length)));

    /// <summary>Settings as JSON; numbers are text, as they are written.</summary>
    public static JsonNode Json(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(
            map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, (JsonNode?)Json(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        _ => node.Text,
    };
}
