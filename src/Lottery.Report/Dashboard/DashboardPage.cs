using Lottery.Report.Pages;

namespace Lottery.Report.Dashboard;

/// <summary>A page that a server keeps up to date.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Body">What is below it.</param>
internal sealed record DashboardPage(string Title, Html Body)
{
    private static readonly (string Href, string Name)[] s_places = [("/", "Overview"), ("/runs", "Runs"), ("/charts", "Charts")];

    /// <summary>Whether it is to follow what is under way, too, or finished runs alone.</summary>
    public bool FollowsProgress { get; init; } = true;

    /// <summary>Whether it has charts that need plotly.js.</summary>
    public bool HasCharts { get; init; }

    /// <summary>The status that it is sent with.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What a page fetches again when something has changed.</summary>
    public string Part => Main.Text;

    /// <summary>The document.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="store">What the store is called.</param>
    /// <param name="version">The version of lottery.</param>
    public string Write(string path, string store, string version) => new HtmlPage
    {
        Title = Title,
        Kind = $"Lottery · {store}",
        Navigation = Html.Of($"""
            <nav aria-label="Pages"><ul>{s_places.Select(place => Link(place, path))}</ul></nav>
            <p id="connection" class="lost" role="status"></p>
            """),
        Body = Main,
        Style = Assets.DashboardStyle,
        Foot = $"lottery {version} · {store} · this page follows the store by itself",
        Scripts = Scripts,
        Connect = "'self'",
        Forms = "'self'",
    }.Write();

    private Html Main => Html.Of($"""
        <div id="live" data-follows="{(FollowsProgress ? "all" : "finished")}">
        {Body}
        </div>
        """);

    private static Html Link((string Href, string Name) place, string path) =>
        Html.Of($"<li><a href=\"{place.Href}\"{Current(place.Href == path)}>{place.Name}</a></li>");

    private static Html Current(bool is_) => is_ ? new(" aria-current=\"page\"") : Html.Empty;

    private Html Scripts(string nonce) => HasCharts
        ? Html.Of($"""
            <script nonce="{nonce}" src="/assets/plotly.js" defer></script>
            <script nonce="{nonce}" src="/assets/charts.js" defer></script>
            <script nonce="{nonce}" src="/assets/dashboard.js" defer></script>
            """)
        : Html.Of($"<script nonce=\"{nonce}\" src=\"/assets/dashboard.js\" defer></script>");
}
