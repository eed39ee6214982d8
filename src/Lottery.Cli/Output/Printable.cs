using Lottery.Report.Tables;

namespace Lottery.Cli.Output;

/// <summary>
/// Text that may come from a file, made safe for a terminal: names of data sets, networks and folders could otherwise
/// move the cursor, change colors or ring the bell.
/// </summary>
internal static class Printable
{
    /// <inheritdoc cref="VisibleText.Of"/>
    public static string Of(string text) => VisibleText.Of(text);

    /// <inheritdoc cref="VisibleText.Lines"/>
    public static string Lines(string text) => VisibleText.Lines(text);
}
