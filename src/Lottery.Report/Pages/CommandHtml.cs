namespace Lottery.Report.Pages;

/// <summary>Commands in a page, with a button that copies them.</summary>
internal static class CommandHtml
{
    /// <summary>One command or several, one a line.</summary>
    public static Html Render(string commands) => Html.Of($"""
        <div class="command"><pre tabindex="0"><code>{commands}</code></pre><button type="button" class="quiet copy">Copy</button></div>
        """);
}
