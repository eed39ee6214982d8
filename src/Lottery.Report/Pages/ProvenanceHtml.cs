using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Pages;

/// <summary>What a section's runs cost, their common specification, and the commands that repeat them.</summary>
internal static class ProvenanceHtml
{
    /// <summary>The heading of the part.</summary>
    public const string Title = "How to repeat these runs";

    /// <summary>The numbers at the head of the section.</summary>
    public static Html RenderFacts(SectionContent content)
    {
        ReportSection section = content.Section;
        (string Name, string Value)[] facts =
        [
            ("runs", NumberFormat.Count(section.Runs.Length)),
            ("replicates", NumberFormat.Count(section.Replicates)),
            ("sparsest", NumberFormat.Density(section.SmallestDensity)),
            ("weights", NumberFormat.Count(section.Conditions[0].Levels[0].Runs[0].Weights)),
            ("training time", NumberFormat.Duration(content.Provenance.TrainingSeconds)),
            .. content.Provenance.MultiplyAdds is { } count ? [("multiply-adds", NumberFormat.LargeCount(count))] : ((string, string)[])[],
        ];
        return Html.Of($"<dl class=\"facts\">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>\n");
    }

    /// <summary>The end of the section.</summary>
    public static Html Render(SectionContent content)
    {
        ReportProvenance provenance = content.Provenance;
        ReportSection section = content.Section;
        string anchor = section.Anchor;
        return Html.Of($"""
            <section class="provenance" id="{anchor}-provenance" aria-labelledby="{anchor}-provenance-title">
            <h3 id="{anchor}-provenance-title">{Title}</h3>
            <p>{Describe(content)}</p>
            {Commands(provenance)}
            <details><summary>Specification<span class="visually-hidden"> of {section.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Specification of {section.Name}">
            {TableHtml.Render([("setting", false), ("value", false)], provenance.Common.Select(field => (string[])[field.Field, field.Value]))}
            <p class="note">The runs differ in {(section.Axes.IsEmpty ? "seed and level" : $"seed, level, {string.Join(", ", section.Axes.Select(axis => axis.Label))}")}.</p></div></details>
            <details><summary>Runs<span class="visually-hidden"> of {section.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Runs of {section.Name}">{Runs(section)}</div></details>
            </section>
            """);
    }

    private static string Describe(SectionContent content)
    {
        ReportProvenance provenance = content.Provenance;
        ImmutableArray<ulong> seeds = provenance.Seeds;
        string replicates = seeds.Length == 1 ? $"seed {seeds[0]}" : $"{seeds.Length} seeds from {seeds[0]} to {seeds[^1]}";
        string cost = provenance.MultiplyAdds is { } count ? $" About {NumberFormat.LargeCount(count)} multiply-adds on kept weights, validation included." : "";
        string machines = string.Join("; ", provenance.Machines.Select(machine =>
            provenance.Machines.Length == 1 ? machine.Description : $"{machine.Description} ({NumberFormat.Counted(machine.Runs, "run")})"));
        return $"{NumberFormat.Counted(content.Section.Runs.Length, "run")}, {replicates}, {NumberFormat.Minute(provenance.Started)} to "
            + $"{NumberFormat.Minute(provenance.Ended)} UTC; {NumberFormat.Duration(provenance.TrainingSeconds)} in training steps, "
            + $"{NumberFormat.Duration(provenance.TotalSeconds)} in total.{cost} {machines}.";
    }

    private static Html Commands(ReportProvenance provenance)
    {
        string rest = provenance.WithoutCommand switch
        {
            0 => "",
            1 => "No command repeats one of the conditions: write a study file from the specification below.",
            var count => $"No command repeats {count} of the conditions: write a study file from the specification below.",
        };
        return Html.Of($"""
            {(provenance.Commands.IsEmpty ? Html.Empty : Html.Of($"<p>These commands repeat the runs, bit for bit, on any machine; runs that a store already has are not trained again:</p>{CommandHtml.Render(string.Join('\n', provenance.Commands))}"))}
            {(rest.Length == 0 ? Html.Empty : Html.Of($"<p class=\"note\">{rest}</p>"))}
            """);
    }

    private static Html Runs(ReportSection section)
    {
        var conditions = new Dictionary<string, string>();
        foreach (Condition one in section.Conditions)
            foreach (RunSummary run in one.Runs) conditions.TryAdd(run.Id, one.Name);
        Html table = TableHtml.Render(
            [("id", false), ("condition", false), ("seed", true), ("density", true), ("accuracy", true), (Labels.EarlyStop, true), ("seconds", true)],
            section.Runs.Take(section.MostInDetail).Select(run => (string[])
            [
                RunIdentity.Short(run.Id), run.Specification.IsDense ? "dense" : conditions.GetValueOrDefault(run.Id, "–"),
                run.Seed.ToString(CultureInfo.InvariantCulture), NumberFormat.Density(run.Density), $"{NumberFormat.Percent(run.Accuracy)} %",
                NumberFormat.Count(run.EarlyStopStep), run.Metrics.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
            ]));
        return section.Runs.Length <= section.MostInDetail ? table : Html.Of($"""
            {table}<p class="note">These are the first {NumberFormat.Count(section.MostInDetail)} of {NumberFormat.Counted(section.Runs.Length, "run")}; <code>lottery runs list</code> has all.</p>
            """);
    }
}
