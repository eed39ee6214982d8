using System.Globalization;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Training;

namespace Lottery.Report.Dashboard;

/// <summary>Markup and texts that several pages of the dashboard share.</summary>
internal static class PageParts
{
    private const int SparkWidth = 160, SparkHeight = 36, SparkPoints = 80;

    /// <summary>A progress bar, labelled for screen readers.</summary>
    /// <param name="fraction">The completed fraction, 0–1.</param>
    /// <param name="name">Its label.</param>
    /// <param name="kind">CSS classes in addition to <c>bar</c>.</param>
    public static Html Bar(double fraction, string name, string kind = "") => Html.Of($"""
        <div class="bar {kind}" role="progressbar" aria-label="{name}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{(int)(100 * fraction)}"><span style="width:{Css(100 * fraction)}%"></span></div>
        """);

    /// <summary>Named values.</summary>
    public static Html Facts(params IEnumerable<(string Name, Html Value)> facts) => Html.Of($"""
        <dl class="facts">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>
        """);

    /// <summary>A link to a run by its short id.</summary>
    public static Html Run(string id) => Html.Of($"<a class=\"id\" href=\"/run/{id}\">{RunIdentity.Short(id)}</a>");

    /// <summary>Text as markup.</summary>
    public static Html Text(string text) => Html.Of($"{text}");

    /// <summary>A path such as <c>training.optimizer.adam</c>, which may be broken after its dots.</summary>
    public static Html Path(string path) => new(Html.Of($"{path}").Text.Replace(".", ".<wbr>", StringComparison.Ordinal));

    /// <summary>A part of a page that needs a file of the store; if the file cannot be read, the sentence that says so.</summary>
    public static Html Readable(Func<Html> render)
    {
        try
        {
            return render();
        }
        catch (UserException damaged)
        {
            return Html.Of($"<p class=\"reason\">{damaged.Message}</p>");
        }
    }

    /// <summary>What could not be read, by name; empty if there is nothing.</summary>
    public static Html Damage(StoreSnapshot now) => now.Warnings.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="damaged"><h2>Cannot be read</h2><p class="note">These are left out; everything else is shown.</p>
        <ul class="plain">{now.Warnings.Select(sentence => Html.Of($"<li>{sentence}</li>"))}</ul></section>
        """);

    /// <summary>Validation accuracy so far as a small curve whose width is the whole training.</summary>
    public static Html Spark(ActiveRun run)
    {
        Evaluation[] points = [.. run.Evaluations.EvenlySpaced(SparkPoints).Where(at => double.IsFinite(at.Accuracy))];
        if (points.Length < 2) return Html.Empty;
        double low = points.Min(at => at.Accuracy), high = Math.Max(points.Max(at => at.Accuracy), low + 1e-6);
        string path = string.Join(' ', points.Select(at =>
            $"{Css((double)SparkWidth * at.Step / Math.Max(1, run.Steps))},{Css(2 + (SparkHeight - 4) * (high - at.Accuracy) / (high - low))}"));
        return Html.Of($"""
            <svg class="spark" viewBox="0 0 {SparkWidth} {SparkHeight}" preserveAspectRatio="none" aria-hidden="true"><polyline points="{path}"/></svg>
            """);
    }

    /// <summary>The name of an active run: <c>ticket, level 3, seed 0</c>.</summary>
    public static string Name(ActiveRun run) =>
        $"{(run.Condition.Length == 0 ? "dense" : run.Condition)}, level {run.Level}, seed {run.Seed}{(run.Draw > 0 ? $", draw {run.Draw}" : "")}";

    /// <summary>Seconds until a run ends at its present speed; null if its speed is not known.</summary>
    public static double? SecondsLeft(ActiveRun run) =>
        run.StepsPerSecond > 0 ? (run.Steps - run.Step) / run.StepsPerSecond : null;

    /// <summary>Step, speed, time left and validation accuracy of a run, in one line.</summary>
    public static string Progress(ActiveRun run) => string.Join(" · ", ((string?[])
    [
        $"step {NumberFormat.Count(run.Step)} of {NumberFormat.Count(run.Steps)}",
        run.StepsPerSecond > 0 ? $"{NumberFormat.Count(run.StepsPerSecond)} steps/s" : null,
        run.Running && SecondsLeft(run) is { } left ? $"{NumberFormat.Duration(left)} left" : null,
        run.Latest is { } latest ? $"validation {NumberFormat.Percent(latest.Accuracy)} %" : null,
    ]).OfType<string>());

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Css(double value) => (double.IsFinite(value) ? value : 0).ToString("0.##", CultureInfo.InvariantCulture);
}
