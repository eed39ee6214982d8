using System.IO.Compression;
using System.Reflection;

namespace Lottery.Report.Pages;

/// <summary>Style sheets and scripts of the pages, embedded in the assembly; plotly.js is taken from its NuGet package.</summary>
internal static class Assets
{
    /// <summary>The style sheet of every page.</summary>
    public static Html Style { get; } = new(Text("page.css"));

    /// <summary>The script that selects light or dark before the page is rendered.</summary>
    public static Html Theme { get; } = new(Text("theme.js"));

    /// <summary>The script that draws the charts of a page when plotly.js is loaded.</summary>
    public static Html ChartScript { get; } = new(Text("ticks.js") + Text("charts.js"));

    /// <summary>The style sheet of the dashboard, in addition to that of every page.</summary>
    public static Html DashboardStyle { get; } = new(Text("dashboard.css"));

    /// <summary>A script that a page may fetch, by its name; null if there is none.</summary>
    public static byte[]? FindScript(string name) => name switch
    {
        "charts.js" => System.Text.Encoding.UTF8.GetBytes(ChartScript.Text),
        "plotly.js" or "dashboard.js" => Bytes(name),
        _ => null,
    };

    /// <summary>plotly.js (MIT licence, in its first lines).</summary>
    public static byte[] Plotly() => Bytes("plotly.js");

    /// <summary>The scripts of a page without a server, inside the page.</summary>
    /// <remarks>
    /// plotly.js has 4.9 MB; compressed it adds 2 MB to the page and 0.1 s to its start. A browser that cannot decompress it
    /// shows the images for print.
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
