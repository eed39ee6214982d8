using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Pages;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The report's charts of a study, or of all runs of a network on a data set, updated as runs finish.</summary>
internal sealed class ChartsPage(RunStore store)
{
    /// <summary>With more runs than this the page names the command that writes a report instead.</summary>
    private const int MostRuns = 1_000;
    private const int MostCached = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Finished, Html Body)> _cached = [];

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="group">The group's key; empty for the first that there is.</param>
    public DashboardPage Create(StoreSnapshot now, string group)
    {
        Group[] groups = [.. Groups(now)];
        Group? chosen = groups.FirstOrDefault(one => one.Key == group) ?? (group.Length == 0 ? groups.FirstOrDefault() : null);
        Html body = groups.Length == 0 ? Html.Of($"<p>There are no finished runs yet.</p>")
            : chosen is null ? Html.Of($"<p>There is no such study or set of runs in the store.</p>")
            : Cached(chosen, now.Finished);
        return new("Charts", Html.Of($"""
            <nav class="groups" aria-label="Studies and searches"><ul>{groups.Select(one => Html.Of($"<li><a href=\"{one.Address}\"{Current(one == chosen)}>{one.Name}</a> <span class=\"note\">{NumberFormat.Count(one.Ids.Length)}</span></li>"))}</ul></nav>
            {body}
            """)) { FollowsProgress = false, HasCharts = true };
    }

    private static IEnumerable<Group> Groups(StoreSnapshot now)
    {
        foreach (string study in now.Studies)
            if (now.Runs.Where(run => run.Studies.Contains(study)).Select(run => run.Id).ToArray() is { Length: > 0 } ids)
                yield return new($"study={study}", study, study, ids);
        foreach (var kind in now.Runs.Where(run => run.Studies.IsEmpty).GroupBy(run => (run.Network, run.Data)))
            yield return new($"network={kind.Key.Network}&data={kind.Key.Data}", $"{kind.Key.Network} on {kind.Key.Data}", null,
                [.. kind.Select(run => run.Id)]);
    }

    private Html Cached(Group group, long finished)
    {
        lock (_lock)
        {
            if (_cached.TryGetValue(group.Key, out var known) && known.Finished == finished) return known.Body;
            Html body = Read(group);
            if (_cached.Count >= MostCached) _cached.Clear();
            _cached[group.Key] = (finished, body);
            return body;
        }
    }

    private Html Read(Group group)
    {
        string command = $"lottery report{(group.Study is { } study ? $" {study}" : "")} -o report.html";
        if (group.Ids.Length > MostRuns)
            return Html.Of($"""
                <p>These are {NumberFormat.Count(group.Ids.Length)} runs, more than a page can follow; this writes their charts into a file:</p>
                <pre tabindex="0">{command}</pre>
                """);
        var reader = new SectionReader(store);
        var details = new RunDetails(store);
        ImmutableArray<ReportSection> sections = group.Study is { } name ? reader.ReadStudy(name) : reader.Read(group.Ids);
        return Html.Join(sections.Select(section => Section(section, details)));
    }

    private static Html Section(ReportSection section, RunDetails details) => Html.Of($"""
        <section id="{section.Anchor}"><h2>{section.Name}</h2>
        <p class="finding">{section.Finding}</p>
        {ChartsOf(section, details).Select(chart => ChartHtml.Render(chart, $"{section.Anchor}-{chart.Key}", Html.Empty))}
        </section>

        """);

    private static ImmutableArray<Chart> ChartsOf(ReportSection section, RunDetails details)
    {
        details.Prepare(section.Runs);
        return SectionCharts.Create(section, details).Charts;
    }

    private static Html Current(bool isCurrent) => isCurrent ? new(" aria-current=\"true\"") : Html.Empty;

    private sealed record Group(string Key, string Name, string? Study, string[] Ids)
    {
        public string Address => "/charts?" + string.Join('&', Key.Split('&').Select(pair => pair.Split('=', 2) is [string name, string value] ? $"{name}={Uri.EscapeDataString(value)}" : pair));
    }
}
