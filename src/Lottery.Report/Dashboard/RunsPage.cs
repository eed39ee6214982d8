using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>The finished runs: filtered and sorted here, a hundred at a time, so that ten thousand are no burden to a page.</summary>
internal static class RunsPage
{
    private const int PerPage = 100;

    /// <summary>The page.</summary>
    /// <param name="now">The store.</param>
    /// <param name="filter">What is asked for, as it was typed.</param>
    /// <param name="sort">A column's key, with a hyphen before it for falling values; empty for the order of the list.</param>
    /// <param name="page">From 1; the nearest that there is.</param>
    public static DashboardPage Of(StoreSnapshot now, string filter, string sort, int page)
    {
        var accepts = new RunFilter(filter);
        RunSummary[] runs = [.. Sorted(now.Runs.Where(accepts.Accepts), sort)];
        int pages = Math.Max(1, (runs.Length + PerPage - 1) / PerPage);
        page = Math.Clamp(page, 1, pages);
        string shown = runs.Length == now.Runs.Length ? $"{NumberFormat.Count(runs.Length)} runs" : $"{NumberFormat.Count(runs.Length)} of {NumberFormat.Count(now.Runs.Length)} runs";
        return new("Runs", Html.Of($"""
            <form id="filter" action="/runs" role="search">
            <label for="q">Show runs with</label>
            <input id="q" name="q" type="search" value="{filter}" placeholder="large-final density&lt;10% seed=1" autocomplete="off" spellcheck="false" aria-describedby="filter-help">
            <input type="hidden" name="sort" value="{sort}">
            <button class="quiet">Show</button>
            </form>
            <p class="note" id="filter-help">Words that a run has, or comparisons: <code>level=3</code>, <code>density&lt;10%</code>, <code>accuracy&gt;=0.97</code>, <code>control=reinit</code>, <code>study=criteria</code>.</p>
            {(accepts.Problem is { } problem ? Html.Of($"<p class=\"reason\" id=\"problem\">{problem}</p>") : Html.Empty)}
            <form id="compare" action="/compare">
            <div class="over"><p id="count" role="status">{shown}</p><button class="quiet" id="compare-button" disabled>Compare</button></div>
            <div class="scroll tall" tabindex="0" role="region" aria-label="Runs"><table class="runs">
            <thead><tr><th scope="col"><span class="unseen">compare</span></th>{RunRows.Columns.Select(column => Heading(column, filter, sort))}</tr></thead>
            <tbody>{runs.Skip((page - 1) * PerPage).Take(PerPage).Select(run => RunRows.Row(run, Check(run)))}</tbody>
            </table></div>
            </form>
            {Pager(filter, sort, page, pages)}
            """)) { FollowsProgress = false };
    }

    private static IEnumerable<RunSummary> Sorted(IEnumerable<RunSummary> runs, string sort)
    {
        bool falling = sort.StartsWith('-');
        if (RunRows.Columns.FirstOrDefault(column => column.Key == sort.TrimStart('-')) is not { } by) return runs;
        return falling ? runs.OrderByDescending(by.Value, Comparer<IComparable>.Create(Compare)) : runs.OrderBy(by.Value, Comparer<IComparable>.Create(Compare));
    }

    private static int Compare(IComparable? left, IComparable? right) =>
        left is string text ? string.CompareOrdinal(text, (string?)right) : left!.CompareTo(right);

    private static Html Heading(RunColumn column, string filter, string sort)
    {
        (string next, string state, string arrow) = sort == column.Key ? ($"-{column.Key}", "ascending", " ↑")
            : sort == $"-{column.Key}" ? ("", "descending", " ↓") : (column.Key, "none", "");
        return Html.Of($"<th scope=\"col\" aria-sort=\"{state}\"{RunRows.Flush(column)}><a href=\"{Address(filter, next, 1)}\">{column.Heading}{arrow}</a></th>");
    }

    private static Html Check(RunSummary run) => Html.Of($"""
        <td><input type="checkbox" name="run" value="{run.Id}" aria-label="Compare {run.Id[..10]}"></td>
        """);

    private static Html Pager(string filter, string sort, int page, int pages) => pages == 1 ? Html.Empty : Html.Of($"""
        <nav class="pager" aria-label="Pages of runs"><ul>
        <li>{(page > 1 ? Html.Of($"<a href=\"{Address(filter, sort, page - 1)}\" rel=\"prev\">Before</a>") : Html.Of($"<span>Before</span>"))}</li>
        <li>page {page} of {pages}</li>
        <li>{(page < pages ? Html.Of($"<a href=\"{Address(filter, sort, page + 1)}\" rel=\"next\">Next</a>") : Html.Of($"<span>Next</span>"))}</li>
        </ul></nav>
        """);

    private static string Address(string filter, string sort, int page) =>
        $"/runs?q={Uri.EscapeDataString(filter)}&sort={Uri.EscapeDataString(sort)}&page={page}";
}
