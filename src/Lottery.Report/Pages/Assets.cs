using System.IO.Compression;
using System.Reflection;

namespace Lottery.Report.Pages;

/// <summary>Styles and scripts of the pages; plotly.js comes out of its package when Lottery is built.</summary>
internal static class Assets
{
    /// <summary>The style sheet of every page.</summary>
    public static Html Style { get; } = new(Text("page.css"));

    /// <summary>Sets light or dark before anything is drawn.</summary>
    public static Html Theme { get; } = new(Text("theme.js"));

    /// <summary>Draws the charts of a page once plotly.js is there.</summary>
    public static Html ChartScript { get; } = new(Text("charts.js"));

    /// <summary>What the dashboard adds to the style sheet.</summary>
    public static Html DashboardStyle { get; } = new(Text("dashboard.css"));

    /// <summary>A script by its name, for a page that fetches it; null where there is none.</summary>
    public static byte[]? Script(string name) => name is "plotly.js" or "charts.js" or "dashboard.js" ? Bytes(name) : null;

    /// <summary>plotly.js in full (MIT licence, in its first lines).</summary>
    public static byte[] Plotly() => Bytes("plotly.js");

    /// <summary>The scripts of a page that has nobody to fetch them from.</summary>
    /// <remarks>
    /// plotly.js is 4.9 MB; compressed it is 2 MB of the page and costs a browser a tenth of a second. One that cannot
    /// decompress shows the drawings that the page has for paper.
    /// </remarks>
    public static Html Inline(string nonce) => Html.Of($"""
        <script type="application/gzip+base64" id="plotly" nonce="{nonce}">{new Html(Convert.ToBase64String(Compressed()))}</script>
        <script nonce="{nonce}">{ChartScript}</script>
        """);

    private static byte[] Compressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Plotly());
        return packed.ToArray();
    }

    private static string Text(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));

    private static byte[] Bytes(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
