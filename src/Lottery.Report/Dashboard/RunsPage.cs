using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The finished runs, filtered and sorted by the server, 100 per page.</summary>
internal static class RunsPage
{
    private const int PerPage = 100;

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="filter">The filter as it was typed.</param>
    /// <param name="sort">The name of a column, after a hyphen for descending order; empty for the order of the list.</param>
    /// <param name="page">The page number from 1; clamped to the existing pages.</param>
    public static DashboardPage Create(StoreSnapshot now, string filter, string sort, int page)
    {
        var accepts = new RunFilter(filter);
        RunSummary[] runs = [.. Sorted(now.Runs.Where(accepts.Accepts), sort)];
        int pages = Math.Max(1, (runs.Length + PerPage - 1) / PerPage);
        page = Math.Clamp(page, 1, pages);
        string shown = runs.Length == now.Runs.Length ? NumberFormat.Counted(runs.Length, "run") : $"{NumberFormat.Count(runs.Length)} of {NumberFormat.Count(now.Runs.Length)} runs";
        return new("Runs", Html.Of($"""
            <form id="filter" action="/runs" role="search">
            <label for="q">Show runs with</label>
            <input id="q" name="q" type="search" value="{filter}" placeholder="large-final density&lt;10% seed=1" autocomplete="off" spellcheck="false" aria-describedby="filter-help">
            <input type="hidden" name="sort" value="{sort}">
            <button class="quiet">Show</button>
            </form>
            <p class="note" id="filter-help">Words that a run contains, or comparisons of a column of <code>lottery query</code>: <code>level=3</code>, <code>density&lt;10%</code>, <code>accuracy&gt;=0.97</code>, <code>control=reinit</code>, <code>studies=criteria</code>.</p>
            {(accepts.Problem is { } problem ? Html.Of($"<p class=\"reason\" id=\"problem\">{problem}</p>") : Html.Empty)}
            <form id="compare" action="/compare">
            <div class="over"><p id="count" role="status">{shown}</p><button class="quiet" id="compare-button" disabled>Compare</button></div>
            <div class="scroll tall" tabindex="0" role="region" aria-label="Runs"><table class="runs">
            <thead><tr><th scope="col"><span class="visually-hidden">compare</span></th>{RunListColumns.Page.Select(column => Heading(column, filter, sort))}</tr></thead>
            <tbody>{runs.Skip((page - 1) * PerPage).Take(PerPage).Select(run => RunRows.Render(run, Check(run)))}</tbody>
            </table></div>
            </form>
            {Pager(filter, sort, page, pages)}
            """)) { FollowsProgress = false };
    }

    private static IEnumerable<RunSummary> Sorted(IEnumerable<RunSummary> runs, string sort)
    {
        if (RunListColumns.Page.FirstOrDefault(column => column.Name == sort.TrimStart('-')) is not { } by) return runs;
        return sort.StartsWith('-') ? runs.OrderDescending(by.Order) : runs.Order(by.Order);
    }

    private static Html Heading(RunListColumn column, string filter, string sort)
    {
        (string next, string state, string arrow) = sort == column.Name ? ($"-{column.Name}", "ascending", " ↑")
            : sort == $"-{column.Name}" ? ("", "descending", " ↓") : (column.Name, "none", "");
        return Html.Of($"<th scope=\"col\" aria-sort=\"{state}\"{RunRows.Alignment(column)}><a href=\"{Address(filter, next, 1)}\">{column.Heading}{arrow}</a></th>");
    }

    private static Html Check(RunSummary run) => Html.Of($"""
        <td><input type="checkbox" name="run" value="{run.Id}" aria-label="Compare {run.Id[..10]}"></td>
        """);

    private static Html Pager(string filter, string sort, int page, int pages) => pages == 1 ? Html.Empty : Html.Of($"""
        <nav class="pager" aria-label="Pages of runs"><ul>
        <li>{(page > 1 ? Html.Of($"<a href=\"{Address(filter, sort, page - 1)}\" rel=\"prev\">Previous</a>") : Html.Of($"<span>Previous</span>"))}</li>
        <li>page {page} of {pages}</li>
        <li>{(page < pages ? Html.Of($"<a href=\"{Address(filter, sort, page + 1)}\" rel=\"next\">Next</a>") : Html.Of($"<span>Next</span>"))}</li>
        </ul></nav>
        """);

    private static string Address(string filter, string sort, int page) =>
        $"/runs?q={Uri.EscapeDataString(filter)}&sort={Uri.EscapeDataString(sort)}&page={page}";
}
