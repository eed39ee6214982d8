using System.Security.Cryptography;
using System.Text;

namespace Lottery.Report.Pages;

/// <summary>The HTML document of a report or of a page of the dashboard.</summary>
internal sealed record HtmlPage
{
    /// <summary>The window's title and the first heading.</summary>
    public required string Title { get; init; }

    /// <summary>The line above the heading: what kind of page it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Links to the page's sections, by their anchors; empty for no list.</summary>
    public IReadOnlyList<(string Anchor, string Name)> Contents { get; init; } = [];

    /// <summary>The content of the main element.</summary>
    public required Html Body { get; init; }

    /// <summary>The text of the footer.</summary>
    public required string Foot { get; init; }

    /// <summary>Creates the script elements; its argument is the nonce that the page's policy accepts.</summary>
    public required Func<string, Html> Scripts { get; init; }

    /// <summary>CSS in addition to that of every page.</summary>
    public Html Style { get; init; } = Html.Empty;

    /// <summary>What is between heading and content; null for the list of contents.</summary>
    public Html? Navigation { get; init; }

    /// <summary>The page's <c>form-action</c> policy: <c>'none'</c> or <c>'self'</c>.</summary>
    public string Forms { get; init; } = "'none'";

    /// <summary>The page's <c>connect-src</c> policy: <c>'none'</c>, or <c>'self'</c> for a page that a server updates.</summary>
    public string Connect { get; init; } = "'none'";

    /// <summary>The document. Only scripts with its nonce run, a hash of the content, so that injected scripts do not.</summary>
    public string Write()
    {
        string nonce = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body.Text)))[..24];
        string policy = $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; "
            + $"img-src data: blob:; connect-src {Connect}; base-uri 'none'; form-action {Forms}";
        Html contents = Contents.Count == 0 ? Html.Empty : Html.Of($"""
            <nav aria-label="Contents"><ul>{Contents.Select(entry => Html.Of($"<li><a href=\"#{entry.Anchor}\">{entry.Name}</a></li>"))}</ul></nav>
            """);
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="color-scheme" content="light dark">
            <title>{Title} · Lottery</title>
            <link rel="icon" href="data:,">
            <style>{Assets.Style}{Style}</style>
            <script nonce="{nonce}">{Assets.Theme}</script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header class="top">
            <div><p class="kind">{Kind}</p><h1>{Title}</h1></div>
            <button type="button" id="theme" class="quiet" hidden>Dark</button>
            </header>
            {Navigation ?? contents}
            <main id="main">
            {Body}
            </main>
            <footer>{Foot}</footer>
            {Scripts(nonce)}
            </body>
            </html>

            """).Text;
    }
}
