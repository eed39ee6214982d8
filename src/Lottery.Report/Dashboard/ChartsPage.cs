using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The report's charts of a study, or of all runs of a network on a data set, updated as runs finish.</summary>
/// <param name="store">The store.</param>
/// <param name="commands">The commands that the page names.</param>
internal sealed class ChartsPage(RunStore store, StoreCommands commands)
{
    /// <summary>With more runs than this the page names the command that writes a report instead.</summary>
    private const int MostRuns = 1_000;
    private const int MostCached = 4;

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, (string Stamp, Html Body)> _cached = [];

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="key">The group's key; empty for the first that there is.</param>
    /// <param name="cancellationToken">Cancels waiting for another page's charts.</param>
    public DashboardPage Create(StoreSnapshot now, string key, CancellationToken cancellationToken)
    {
        RunGroup[] groups = [.. RunGroup.Of(now)];
        RunGroup? chosen = groups.FirstOrDefault(one => one.Key == key) ?? (key.Length == 0 ? groups.FirstOrDefault() : null);
        Html body = groups.Length == 0 ? Html.Of($"<p>There are no finished runs yet.</p>")
            : chosen is null ? Html.Of($"<p>There is no such study or set of runs in the store.</p>")
            : PageParts.Readable(() => Find(chosen, now, cancellationToken));
        return new("Charts", Html.Of($"""
            <nav class="groups" aria-label="Studies and searches"><ul>{groups.Select(one => Html.Of($"<li><a href=\"{one.Address}\"{Current(one == chosen)}>{one.Name}</a> <span class=\"note\">{NumberFormat.Count(one.Runs.Length)}</span></li>"))}</ul></nav>
            {body}
            """)) { FollowsProgress = false, HasCharts = true };
    }

    private Html Find(RunGroup group, StoreSnapshot now, CancellationToken cancellationToken)
    {
        if (_cached.TryGetValue(group.Key, out var known) && known.Stamp == group.Stamp) return known.Body;
        _reading.Wait(cancellationToken);
        try
        {
            if (_cached.TryGetValue(group.Key, out known) && known.Stamp == group.Stamp) return known.Body;
            Html body = Read(group, now);
            if (_cached.Count >= MostCached) _cached.Clear();
            _cached[group.Key] = (group.Stamp, body);
            return body;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Html Read(RunGroup group, StoreSnapshot now)
    {
        if (group.Runs.Length > MostRuns)
            return Html.Of($"""
                <p>These are {NumberFormat.Count(group.Runs.Length)} runs, more than a page can follow; this writes their charts into a file:</p>
                {CommandHtml.Render(commands.Report(group.Study))}
                """);
        var reader = new SectionReader(store, finished: now.Runs);
        var details = new RunDetails(store);
        ImmutableArray<ReportSection> sections = group.Study is { } name ? reader.ReadStudy(name) : reader.Read(group.Runs.Select(run => run.Id), planned: group.Lost);
        return Html.Of($"{sections.Select(section => Section(section, details))}{Problems(details)}");
    }

    private static Html Problems(RunDetails details) => details.Problems.ToArray() is not { Length: > 0 } problems ? Html.Empty : Html.Of($"""
        <section id="problems"><h2>Left out</h2><ul class="plain">{problems.Select(sentence => Html.Of($"<li>{sentence}</li>"))}</ul></section>
        """);

    private Html Section(ReportSection section, RunDetails details) => Html.Of($"""
        <section id="{section.Anchor}"><h2>{section.Name}</h2>
        <p class="finding">{section.Finding}</p>
        {ChartsOf(section, details).Select(chart => ChartHtml.Render(chart, $"{section.Anchor}-{chart.Key}", Html.Empty))}
        {Repeat(section)}
        </section>

        """);

    private static ImmutableArray<Chart> ChartsOf(ReportSection section, RunDetails details)
    {
        details.Prepare(section);
        return SectionCharts.Create(section, details).Charts;
    }

    private Html Repeat(ReportSection section)
    {
        string[] all = [.. RepeatCommand.Of(section).OfType<string>().Select(commands.Called)];
        return all.Length == 0 ? Html.Empty : Html.Of($"""
            <details id="{section.Anchor}-repeat"><summary>{ProvenanceHtml.Title}</summary>{CommandHtml.Render(string.Join('\n', all))}</details>
            """);
    }

    private static Html Current(bool isCurrent) => isCurrent ? new(" aria-current=\"true\"") : Html.Empty;
}
