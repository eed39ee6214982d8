using System.Collections.Immutable;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The finished runs, filtered and sorted by the server, 100 per page.</summary>
internal static class RunsPage
{
    private const int PerPage = 100;

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="query">What it shows.</param>
    /// <param name="cancellationToken">Cancels filtering and sorting.</param>
    public static DashboardPage Create(StoreSnapshot now, RunsQuery query, CancellationToken cancellationToken = default)
    {
        var accepts = new RunFilter(query.Filter);
        // What columns there are does not depend on the order, and in that of the list runs lie next to each other.
        RunSummary[] listed = [.. Accepted(now.Runs, accepts, cancellationToken)], runs = Sorted(listed, query.Sort);
        int pages = Math.Max(1, (runs.Length + PerPage - 1) / PerPage);
        query = query with { Page = Math.Clamp(query.Page, 1, pages) };
        ImmutableArray<RunListColumn> own = RunColumns.Choose(listed, [], cancellationToken);
        ImmutableArray<RunListColumn> columns = query.Columns.Length == 0 ? own : RunColumns.Choose(listed, query.Columns.Split(','), cancellationToken);
        string shown = runs.Length == now.Runs.Length ? NumberFormat.Counted(runs.Length, "run") : $"{NumberFormat.Count(runs.Length)} of {NumberFormat.Count(now.Runs.Length)} runs";
        return new("Runs", Html.Of($"""
            <form id="filter" action="/runs" role="search">
            <label for="q">Show runs with</label>
            <input id="q" name="q" type="search" value="{query.Filter}" placeholder="large-final density&lt;10% seed=1" autocomplete="off" spellcheck="false" aria-describedby="filter-help">
            <input type="hidden" name="sort" value="{query.Sort}">
            <button class="quiet">Show</button>
            <p class="note" id="filter-help">Words that a run contains, or comparisons of a column: <code>level=3</code>, <code>density&lt;10%</code>, <code>accuracy&gt;=0.97</code>, <code>control=reinit</code>, <code>studies=criteria</code>.</p>
            {(accepts.Problem is { } problem ? Html.Of($"<p class=\"reason\" id=\"problem\">{problem}</p>") : Html.Empty)}
            {Further(own, columns)}
            </form>
            {PageParts.Damage(now)}
            <form id="compare" action="/compare">
            <div class="over"><p id="count" role="status">{shown}</p><button class="quiet" id="compare-button" disabled>Compare</button></div>
            <div class="scroll tall" tabindex="0" role="region" aria-label="Runs"><table class="runs">
            <thead><tr><th scope="col"><input type="checkbox" id="compare-all" aria-label="Compare all on this page"></th>{columns.Select(column => Heading(column, query))}</tr></thead>
            <tbody>{runs.Skip((query.Page - 1) * PerPage).Take(PerPage).Select(run => RunRows.Render(run, columns, Check(run)))}</tbody>
            </table></div>
            </form>
            {Pager(query, pages)}
            """)) { FollowsProgress = false };
    }

    private static IEnumerable<RunSummary> Accepted(ImmutableArray<RunSummary> runs, RunFilter accepts, CancellationToken cancellationToken)
    {
        foreach (RunSummary run in runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (accepts.Accepts(run)) yield return run;
        }
    }

    private static RunSummary[] Sorted(RunSummary[] runs, string sort)
    {
        if (RunListColumns.All.FirstOrDefault(column => column.Name == sort.TrimStart('-')) is not { } by) return runs;
        return by.Field.Sort(runs, isDescending: sort.StartsWith('-'));
    }

    /// <summary>The columns that the page does not show by itself, to be chosen.</summary>
    private static Html Further(ImmutableArray<RunListColumn> own, ImmutableArray<RunListColumn> shown) => Html.Of($"""
        <details id="columns"><summary>Further columns</summary>
        <p class="note">The table shows the settings in which the listed runs differ; these are equal in all of them, or follow from the others.</p>
        <ul class="choices">{RunListColumns.All.Except(own).Select(column => Html.Of($"<li><label><input type=\"checkbox\" name=\"columns\" value=\"{column.Name}\"{Checked(shown.Contains(column))}>{column.Heading}</label></li>"))}</ul></details>
        """);

    private static Html Heading(RunListColumn column, RunsQuery query)
    {
        (string next, string state, string arrow) = query.Sort == column.Name ? ($"-{column.Name}", "ascending", " ↑")
            : query.Sort == $"-{column.Name}" ? ("", "descending", " ↓") : (column.Name, "none", "");
        return Html.Of($"<th scope=\"col\" aria-sort=\"{state}\"{RunRows.Alignment(column)}><a href=\"{(query with { Sort = next, Page = 1 }).Address}\">{column.Heading}{arrow}</a></th>");
    }

    private static Html Check(RunSummary run) => Html.Of($"""
        <td><input type="checkbox" name="run" value="{run.Id}" aria-label="Compare {run.Id[..10]}"></td>
        """);

    private static Html Pager(RunsQuery query, int pages) => pages == 1 ? Html.Empty : Html.Of($"""
        <nav class="pager" aria-label="Pages of runs"><ul>
        <li>{(query.Page > 1 ? Html.Of($"<a href=\"{(query with { Page = query.Page - 1 }).Address}\" rel=\"prev\">Previous</a>") : Html.Of($"<span>Previous</span>"))}</li>
        <li>page {query.Page} of {pages}</li>
        <li>{(query.Page < pages ? Html.Of($"<a href=\"{(query with { Page = query.Page + 1 }).Address}\" rel=\"next\">Next</a>") : Html.Of($"<span>Next</span>"))}</li>
        </ul></nav>
        """);

    private static Html Checked(bool isChecked) => isChecked ? new(" checked") : Html.Empty;
}
