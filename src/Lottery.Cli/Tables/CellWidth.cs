using Spectre.Console;

namespace Lottery.Cli.Tables;

/// <summary>The columns of a screen that a text takes.</summary>
internal static class CellWidth
{
    /// <summary>Letters of ASCII take one each; of the others a table knows which take two and which none.</summary>
    public static int Of(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text.Length : text.GetCellWidth();
}
