using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;

namespace Lottery.Report.Pages;

/// <summary>What a section's runs cost, what they were, and how to make them again.</summary>
internal static class ProvenanceHtml
{
    /// <summary>The numbers at the section's head.</summary>
    public static Html Facts(SectionContent section)
    {
        ReportProvenance made = section.Provenance;
        double least = section.Section.Conditions.SelectMany(one => one.Levels).Min(level => level.Density);
        (string Name, string Value)[] facts =
        [
            ("runs", NumberFormat.Count(section.Section.Runs.Count())),
            ("replicates", NumberFormat.Count(section.Section.Replicates)),
            ("sparsest", NumberFormat.Density(least)),
            ("weights", NumberFormat.Count(section.Section.Conditions[0].Levels[0].Runs[0].Weights)),
            ("time in training", NumberFormat.Duration(made.TrainingSeconds)),
            ("multiply-adds", Large(made.MultiplyAdds)),
        ];
        return Html.Of($"<dl class=\"facts\">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>\n");
    }

    /// <summary>The section's end.</summary>
    public static Html Of(SectionContent section)
    {
        ReportProvenance made = section.Provenance;
        string anchor = section.Section.Anchor;
        return Html.Of($"""
            <section class="made" id="{anchor}-made" aria-labelledby="{anchor}-made-title">
            <h3 id="{anchor}-made-title">How this was made</h3>
            <p>{Told(section)}</p>
            {Commands(made)}
            <details><summary>Specification<span class="unseen"> of {section.Section.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Specification of {section.Section.Name}">
            {TableHtml.Of([("field", false), ("value", false)], made.Common.Select(field => (string[])[field.Field, field.Value]))}
            <p class="note">What the runs differ in: {(section.Section.Axes.IsEmpty ? "seed and level" : $"seed, level, {string.Join(", ", section.Section.Axes)}")}.</p></div></details>
            <details><summary>Runs<span class="unseen"> of {section.Section.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Runs of {section.Section.Name}">{Runs(section.Section)}</div></details>
            </section>
            """);
    }

    private static string Told(SectionContent section)
    {
        ReportProvenance made = section.Provenance;
        string seeds = made.Seeds.Length == 1 ? $"seed {made.Seeds[0]}" : $"{made.Seeds.Length} seeds from {made.Seeds[0]} to {made.Seeds[^1]}";
        string cost = $" About {Large(made.MultiplyAdds)} multiply-adds on kept weights, validation included.";
        string machines = string.Join("; ", made.Machines.Select(machine => made.Machines.Length == 1 ? machine.What : $"{machine.What} ({machine.Runs} runs)"));
        return $"{NumberFormat.Count(section.Section.Runs.Count())} runs, {seeds}, {Date(made.When.First)} to {Date(made.When.Last)} UTC; "
            + $"{NumberFormat.Duration(made.TrainingSeconds)} inside training steps, {NumberFormat.Duration(made.TotalSeconds)} in all.{cost} {machines}.";
    }

    private static Html Commands(ReportProvenance made)
    {
        string lines = string.Join('\n', made.Commands);
        string rest = made.WithoutCommand switch
        {
            0 => "",
            1 => "One condition’s training has no command of its own: a study file states it, from the specification below.",
            _ => $"{made.WithoutCommand} conditions’ trainings have no command of their own: a study file states them, from the specification below.",
        };
        return Html.Of($"""
            {(made.Commands.IsEmpty ? Html.Empty : Html.Of($"<p>The same runs, to the bit, on any machine (what a store already has is not trained again):</p><pre tabindex=\"0\"><code>{lines}</code></pre>"))}
            {(rest.Length == 0 ? Html.Empty : Html.Of($"<p class=\"note\">{rest}</p>"))}
            """);
    }

    private static Html Runs(ReportSection section) => TableHtml.Of(
        [("id", false), ("condition", false), ("seed", true), ("remaining", true), ("accuracy", true), ("stops at", true), ("seconds", true)],
        from run in section.Runs
        let condition = section.Conditions.FirstOrDefault(one => one.Runs.Contains(run))
        select (string[])
        [
            RunIdentity.Short(run.Id), run.Specification.IsDense ? "dense" : condition?.Name ?? "–",
            run.Seed.ToString(CultureInfo.InvariantCulture), NumberFormat.Density(run.Density), $"{NumberFormat.Percent(run.Accuracy)} %",
            NumberFormat.Count(run.EarlyStopStep), run.Metrics.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
        ]);

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>4.1 × 10¹²</c> in words that can be read aloud.</summary>
    private static string Large(double count) => count switch
    {
        < 1e9 => $"{(count / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} million",
        < 1e12 => $"{(count / 1e9).ToString("0.0", CultureInfo.InvariantCulture)} billion",
        _ => $"{(count / 1e12).ToString("0.0", CultureInfo.InvariantCulture)} trillion",
    };
}
