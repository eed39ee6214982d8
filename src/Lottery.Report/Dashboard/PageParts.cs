using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Training;

namespace Lottery.Report.Dashboard;

/// <summary>What several pages show.</summary>
internal static class PageParts
{
    private const int SparkWidth = 160, SparkHeight = 36, SparkPoints = 80;

    /// <summary>How far something is: a bar that a screen reader can read, too.</summary>
    /// <param name="share">0–1.</param>
    /// <param name="name">What it is the progress of.</param>
    /// <param name="kind">A class for its look.</param>
    public static Html Bar(double share, string name, string kind = "") => Html.Of($"""
        <div class="bar {kind}" role="progressbar" aria-label="{name}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{(int)(100 * share)}"><span style="width:{Css(100 * share)}%"></span></div>
        """);

    /// <summary>Numbers under headings.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) => Html.Of($"""
        <dl class="facts">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>
        """);

    /// <summary>A link to a run by its short id.</summary>
    public static Html Run(string id) => Html.Of($"<a class=\"id\" href=\"/run/{id}\">{RunIdentity.Short(id)}</a>");

    /// <summary>Text as markup.</summary>
    public static Html Text(string text) => Html.Of($"{text}");

    /// <summary>Validation accuracy so far as a small curve; its width is the whole training, so that it grows.</summary>
    public static Html Spark(ActiveRun run)
    {
        Evaluation[] points = [.. Thin(run.Evaluations, SparkPoints).Where(at => double.IsFinite(at.Accuracy))];
        if (points.Length < 2) return Html.Empty;
        double low = points.Min(at => at.Accuracy), high = Math.Max(points.Max(at => at.Accuracy), low + 1e-6);
        string path = string.Join(' ', points.Select(at =>
            $"{Css((double)SparkWidth * at.Step / Math.Max(1, run.Steps))},{Css(2 + (SparkHeight - 4) * (high - at.Accuracy) / (high - low))}"));
        return Html.Of($"""
            <svg class="spark" viewBox="0 0 {SparkWidth} {SparkHeight}" preserveAspectRatio="none" aria-hidden="true"><polyline points="{path}"/></svg>
            """);
    }

    /// <summary>At most so many of some points, evenly spread, the first and the last among them.</summary>
    public static IEnumerable<T> Thin<T>(ImmutableArray<T> points, int most) => points.Length <= most
        ? points
        : Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Length - 1) / (most - 1))]);

    /// <summary>What kind of run it is: <c>ticket, level 3, seed 0</c>.</summary>
    public static string Name(ActiveRun run) =>
        $"{(run.Condition.Length == 0 ? "dense" : run.Condition)}, level {run.Level}, seed {run.Seed}";

    /// <summary>The seconds that a run still needs; null where its pace is not known.</summary>
    public static double? SecondsLeft(ActiveRun run) =>
        run.StepsPerSecond > 0 ? (run.Steps - run.Step) / run.StepsPerSecond : null;

    /// <summary>How far a run is, in words.</summary>
    public static string Progress(ActiveRun run) => string.Join(" · ", ((string?[])
    [
        $"step {NumberFormat.Count(run.Step)} of {NumberFormat.Count(run.Steps)}",
        run.StepsPerSecond > 0 ? $"{NumberFormat.Count(run.StepsPerSecond)} steps/s" : null,
        run.Running && SecondsLeft(run) is { } left ? $"{NumberFormat.Duration(left)} left" : null,
        run.Latest is { } latest ? $"validation {NumberFormat.Percent(latest.Accuracy)} %" : null,
    ]).OfType<string>());

    /// <summary>A moment in universal time.</summary>
    public static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Css(double value) => (double.IsFinite(value) ? value : 0).ToString("0.##", CultureInfo.InvariantCulture);
}
