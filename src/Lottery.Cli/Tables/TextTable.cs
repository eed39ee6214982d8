using System.Text.RegularExpressions;
using Lottery.Cli.Output;
using Lottery.Report.Tables;
using Spectre.Console;

namespace Lottery.Cli.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its first cell; empty for a table without a header.</param>
/// <param name="Kind">What may happen to its cells when the table is wider than the screen.</param>
internal readonly record struct Column(string Heading, ColumnKind Kind = ColumnKind.Text);

/// <summary>
/// A table for people: aligned columns, two spaces apart. On a screen that is too narrow, cells are wrapped between words
/// and, where that is not enough, columns are left out from the right. Without a screen every row is one line, for grep and awk.
/// </summary>
internal sealed partial class TextTable(params IReadOnlyList<Column> columns)
{
    private const int Gap = 2, Readable = 10;

    /// <summary>
    /// Stands for a space that must not be wrapped at, as in <c>[88.1 88.8]</c>, <c>10.8 %</c> and a command in backticks:
    /// one column wide, and not white space to Spectre.Console.
    /// </summary>
    private const char Glue = '\uE000';

    private readonly List<string[]> _rows = columns.Any(column => column.Heading.Length > 0) ? [[.. columns.Select(column => column.Heading)]] : [];

    /// <summary>A table of facts without a header: a name and a value in each row.</summary>
    public static TextTable OfFacts(IEnumerable<string[]> facts) => new TextTable(new Column("", ColumnKind.Whole), new("", ColumnKind.Whole)).Add(facts);

    /// <summary>The lines of a sentence or paragraph.</summary>
    /// <param name="text">The text; its numbers keep their units and its intervals their ends on one line.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Paragraph(string text, int? width)
    {
        const int Readable = 104;
        return new TextTable(new Column("", ColumnKind.Whole)).Add([[text]]).Lines(Math.Min(width ?? Readable, Readable));
    }

    /// <summary>A sentence as one line, or as the lines of a paragraph on a screen.</summary>
    /// <inheritdoc cref="Paragraph"/>
    public static IEnumerable<string> Sentence(string text, int? width) => width is null ? [text] : Paragraph(text, width);

    /// <summary>Appends rows; each has a cell for every column.</summary>
    public TextTable Add(IEnumerable<string[]> rows)
    {
        _rows.AddRange(rows.Select(row => row.Select(Printable.Of).ToArray()));
        return this;
    }

    /// <summary>How many of the columns, from the left, fit the screen: all where no width is given, and at least one.</summary>
    public int ColumnsIn(int? width)
    {
        if (width is not { } available) return columns.Count;
        int[] least = Widths(Least);
        int count = columns.Count;
        while (count > 1 && Total(least[..count]) > available) count--;
        return count;
    }

    /// <summary>The table's lines, none wider than the screen and without spaces at their ends.</summary>
    /// <param name="width">Columns of the screen; null where there is none and no line is wrapped.</param>
    public IEnumerable<string> Lines(int? width)
    {
        int[] natural = Widths((cell, _) => cell.GetCellWidth())[..ColumnsIn(width)];
        if (width is not { } available || Total(natural) <= available) return _rows.Select(row => Aligned(row, natural));
        int[] widths = [.. natural], least = Widths(Least);
        for (int excess = Total(widths) - available; excess > 0; excess--)
            widths[Enumerable.Range(0, widths.Length).MaxBy(column => widths[column] - least[column])]--;
        return Wrapped(widths);
    }

    private int[] Widths(Func<string, ColumnKind, int> width) =>
        [.. columns.Select((column, i) => _rows.Select(row => width(row[i], column.Kind)).DefaultIfEmpty().Max())];

    /// <summary>The width below which a cell cannot be read: of a number all of it, of text its beginning, else its longest word.</summary>
    private static int Least(string cell, ColumnKind kind) => kind switch
    {
        ColumnKind.Number => cell.GetCellWidth(),
        ColumnKind.Text => Math.Min(cell.GetCellWidth(), Readable),
        _ => Math.Min(Keep(cell).Split(' ').Max(word => word.GetCellWidth()), 2 * Readable),
    };

    private static int Total(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    private string Aligned(string[] row, int[] widths) => string.Join(new string(' ', Gap), widths.Select((width, column) =>
    {
        string space = new(' ', Math.Max(0, width - row[column].GetCellWidth()));
        return columns[column].Kind == ColumnKind.Number ? space + row[column] : row[column] + space;
    })).TrimEnd();

    private IEnumerable<string> Wrapped(int[] widths)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        foreach ((int column, int width) in widths.Index())
            table.AddColumn(new TableColumn("")
            {
                Width = width, Padding = new(0, 0, column < widths.Length - 1 ? Gap : 0, 0),
                Alignment = columns[column].Kind == ColumnKind.Number ? Justify.Right : Justify.Left,
            });
        foreach (string[] row in _rows) table.AddRow(widths.Select((_, column) => Cell(row[column], columns[column].Kind)));
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Total(widths);
        console.Write(table);
        return text.ToString().TrimEnd('\n').Split('\n').Select(line => line.Replace(Glue, ' ').TrimEnd());
    }

    private static Text Cell(string cell, ColumnKind kind) =>
        new(Keep(cell)) { Overflow = kind == ColumnKind.Whole ? Overflow.Fold : Overflow.Ellipsis };

    /// <summary>The text with <see cref="Glue"/> for each space that must not be wrapped at.</summary>
    private static string Keep(string text) => Unbroken().Replace(text, part => part.Value.Replace(' ', Glue));

    [GeneratedRegex(@"\[[^\[\]]*\]|`[^`]*`| %")]
    private static partial Regex Unbroken();
}
