using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;

namespace Lottery.Report.Pages;

/// <summary>What a chapter's runs cost, what they were, and how to make them again.</summary>
public static class ProvenanceHtml
{
    /// <summary>The numbers at the chapter's head.</summary>
    public static Html Facts(ReportChapter chapter)
    {
        Provenance made = chapter.Provenance;
        double least = chapter.Chapter.Treatments.SelectMany(one => one.Levels).Min(level => level.Density);
        (string Name, string Value)[] facts =
        [
            ("runs", Figures.Count(chapter.Chapter.Runs.Count())),
            ("replicates", Figures.Count(chapter.Chapter.Replicates)),
            ("sparsest", Figures.Density(least)),
            ("weights", Figures.Count(chapter.Chapter.Treatments[0].Levels[0].Runs[0].Record.Weights)),
            ("time in training", Figures.Duration(made.TrainingSeconds)),
            .. made.MultiplyAdds is { } count ? [("multiply-adds", Large(count))] : ((string, string)[])[],
        ];
        return Html.Of($"<dl class=\"facts\">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>\n");
    }

    /// <summary>The chapter's end.</summary>
    public static Html Of(ReportChapter chapter)
    {
        Provenance made = chapter.Provenance;
        string anchor = chapter.Chapter.Anchor;
        return Html.Of($"""
            <section class="made" id="{anchor}-made" aria-labelledby="{anchor}-made-title">
            <h3 id="{anchor}-made-title">How this was made</h3>
            <p>{Told(chapter)}</p>
            {Commands(made)}
            <details><summary>Specification<span class="unseen"> of {chapter.Chapter.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Specification of {chapter.Chapter.Name}">
            {TableHtml.Of([("field", false), ("value", false)], made.Common.Select(field => (string[])[field.Field, field.Value]))}
            <p class="note">What the runs differ in: {(chapter.Chapter.Axes.IsEmpty ? "seed and level" : $"seed, level, {string.Join(", ", chapter.Chapter.Axes)}")}.</p></div></details>
            <details><summary>Runs<span class="unseen"> of {chapter.Chapter.Name}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Runs of {chapter.Chapter.Name}">{Runs(chapter.Chapter)}</div></details>
            </section>
            """);
    }

    private static string Told(ReportChapter chapter)
    {
        Provenance made = chapter.Provenance;
        string seeds = made.Seeds.Length == 1 ? $"seed {made.Seeds[0]}" : $"{made.Seeds.Length} seeds from {made.Seeds[0]} to {made.Seeds[^1]}";
        string cost = made.MultiplyAdds is { } count ? $" About {Large(count)} multiply-adds on kept weights, validation included." : "";
        string machines = string.Join("; ", made.Machines.Select(machine => made.Machines.Length == 1 ? machine.What : $"{machine.What} ({machine.Runs} runs)"));
        return $"{Figures.Count(chapter.Chapter.Runs.Count())} runs, {seeds}, {Date(made.When.First)} to {Date(made.When.Last)} UTC; "
            + $"{Figures.Duration(made.TrainingSeconds)} inside training steps, {Figures.Duration(made.TotalSeconds)} in all.{cost} {machines}.";
    }

    private static Html Commands(Provenance made)
    {
        string lines = string.Join('\n', made.Commands);
        string rest = made.WithoutCommand switch
        {
            0 => "",
            1 => "One treatment’s training has no command of its own: a study file states it, from the specification below.",
            _ => $"{made.WithoutCommand} treatments’ trainings have no command of their own: a study file states them, from the specification below.",
        };
        return Html.Of($"""
            {(made.Commands.IsEmpty ? Html.Empty : Html.Of($"<p>The same runs, to the bit, on any machine (what a store already has is not trained again):</p><pre tabindex=\"0\"><code>{lines}</code></pre>"))}
            {(rest.Length == 0 ? Html.Empty : Html.Of($"<p class=\"note\">{rest}</p>"))}
            """);
    }

    private static Html Runs(Chapter chapter) => TableHtml.Of(
        [("id", false), ("treatment", false), ("seed", true), ("remaining", true), ("accuracy", true), ("stops at", true), ("seconds", true)],
        from run in chapter.Runs
        let treatment = chapter.Treatments.FirstOrDefault(one => one.Runs.Contains(run))
        select (string[])
        [
            RunIdentity.Short(run.Id), run.Record is { Level: 0, GivenMask: null } ? "dense" : treatment?.Name ?? "–",
            run.Record.Seed.ToString(CultureInfo.InvariantCulture), Figures.Density(run.Record.Density), $"{Figures.Percent(run.Record.Accuracy)} %",
            Figures.Count(run.Record.EarlyStopStep), run.Record.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
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
