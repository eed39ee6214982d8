using Lottery.Report.Pages;

namespace Lottery.Report.Dashboard;

/// <summary>A page of the dashboard, which updates itself when the store changes.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Body">Its content.</param>
internal sealed record DashboardPage(string Title, Html Body)
{
    private static readonly (string Href, string Name)[] s_pages = [("/", "Overview"), ("/runs", "Runs"), ("/charts", "Charts")];

    /// <summary>True to update it with the progress of active runs, too; false to update it only when runs finish.</summary>
    public bool FollowsProgress { get; init; } = true;

    /// <summary>True if it has charts and so needs plotly.js.</summary>
    public bool HasCharts { get; init; }

    /// <summary>Its HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The part that an open page fetches again when the store has changed.</summary>
    public string Part => Main.Text;

    /// <summary>The document.</summary>
    /// <param name="path">Its path, to mark its link in the navigation.</param>
    /// <param name="store">The name of the store.</param>
    /// <param name="version">The version of Lottery.</param>
    public string Write(string path, string store, string version) => new HtmlPage
    {
        Title = Title,
        Kind = $"Lottery · {store}",
        Navigation = Html.Of($"""
            <nav aria-label="Pages"><ul>{s_pages.Select(page => Link(page, path))}</ul></nav>
            <p id="connection" class="disconnected" role="status"></p>
            """),
        Body = Main,
        Style = Assets.DashboardStyle,
        Foot = $"lottery {version} · {store} · this page updates itself",
        Scripts = Scripts,
        Connect = "'self'",
        Forms = "'self'",
    }.Write();

    private Html Main => Html.Of($"""
        <div id="live" data-follows="{(FollowsProgress ? "all" : "finished")}">
        {Body}
        </div>
        """);

    private static Html Link((string Href, string Name) page, string path) =>
        Html.Of($"<li><a href=\"{page.Href}\"{Current(page.Href == path)}>{page.Name}</a></li>");

    private static Html Current(bool isCurrent) => isCurrent ? new(" aria-current=\"page\"") : Html.Empty;

    private Html Scripts(string nonce) => HasCharts
        ? Html.Of($"""
            <script nonce="{nonce}" src="/assets/plotly.js" defer></script>
            <script nonce="{nonce}" src="/assets/charts.js" defer></script>
            <script nonce="{nonce}" src="/assets/dashboard.js" defer></script>
            """)
        : Html.Of($"<script nonce=\"{nonce}\" src=\"/assets/dashboard.js\" defer></script>");
}
