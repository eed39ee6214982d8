using System.Text;
using Lottery.Cli.Output;
using Lottery.Report.Tables;
using Spectre.Console;

namespace Lottery.Cli.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its first cell; empty for a table without a header.</param>
/// <param name="Kind">What may happen to its cells when the table is wider than the screen.</param>
/// <param name="IsSecondary">Whether it is left out before cells of the others are broken at places that read badly.</param>
internal readonly record struct Column(string Heading, ColumnKind Kind = ColumnKind.Text, bool IsSecondary = false);

/// <summary>
/// A table for people: aligned columns, two spaces apart. On a screen that is too narrow, cells are wrapped between words;
/// where that is not enough, secondary columns are left out, then cells are broken at weaker places, and at last columns are
/// left out from the right. Without a screen every row is one line, for grep and awk.
/// </summary>
internal sealed class TextTable(params IReadOnlyList<Column> columns)
{
    private const int Gap = 2, Readable = 20;

    private readonly List<string[]> _rows = columns.Any(column => column.Heading.Length > 0) ? [[.. columns.Select(column => column.Heading)]] : [];
    private readonly StringBuilder _line = new();

    private bool HasHeader => columns.Any(column => column.Heading.Length > 0);

    /// <summary>A table of facts without a header: a name and a value in each row.</summary>
    public static TextTable OfFacts(IEnumerable<string[]> facts) => new TextTable(new Column("", ColumnKind.Whole), new("", ColumnKind.Whole)).Add(facts);

    /// <summary>The lines of a sentence or paragraph.</summary>
    /// <param name="text">The text; its numbers keep their units and its intervals their ends on one line.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Paragraph(string text, int? width)
    {
        const int Widest = 104;
        return WrappedText.Lines(Printable.Of(text), Math.Min(width ?? Widest, Widest), isCut: false);
    }

    /// <summary>A sentence as one line, or as the lines of a paragraph on a screen.</summary>
    /// <inheritdoc cref="Paragraph"/>
    public static IEnumerable<string> Sentence(string text, int? width) => width is null ? [text] : Paragraph(text, width);

    /// <summary>A line as the lines of a screen, of which all but the first are indented by two more columns than it is.</summary>
    /// <inheritdoc cref="Paragraph"/>
    public static IEnumerable<string> Hanging(string text, int? width)
    {
        if (width is not { } available || CellWidth.Of(text) <= available) return [text];
        int indent = text.Length - text.TrimStart(' ').Length;
        return WrappedText.Lines(Printable.Of(text[indent..]), available - indent - 2, isCut: false)
            .Select((line, i) => new string(' ', i == 0 ? indent : indent + 2) + line);
    }

    /// <summary>Appends rows; each has a cell for every column, and is the table's from then on.</summary>
    public TextTable Add(IEnumerable<string[]> rows)
    {
        foreach (string[] row in rows)
        {
            _rows.Add(row);
            for (int i = 0; i < row.Length; i++) row[i] = Printable.Of(row[i]);
        }
        return this;
    }

    /// <summary>The same table with every cell changed.</summary>
    public TextTable With(Func<string, string> change)
    {
        var table = new TextTable(columns);
        table._rows.Clear();
        table._rows.AddRange(_rows.Select(row => row.Select(change).ToArray()));
        return table;
    }

    /// <summary>The columns that fit the screen, from the left: all where no width is given, and at least one.</summary>
    public int[] ColumnsIn(int? width) => Layout(width).Shown;

    /// <summary>A sentence that names the columns that do not fit the screen; null where all do.</summary>
    /// <inheritdoc cref="Paragraph"/>
    public string? LeftOut(int? width)
    {
        if (width is null) return null;
        int[] shown = ColumnsIn(width);
        string[] missing = [.. columns.Where((_, i) => !shown.Contains(i)).Select(column => column.Heading)];
        return missing.Length == 0 ? null
            : $"Not shown on a screen of this width: {string.Join(", ", missing)}; --json has all.";
    }

    /// <summary>The table's lines, none wider than the screen and without spaces at their ends.</summary>
    /// <param name="width">Columns of the screen; null where there is none and no line is wrapped.</param>
    public IEnumerable<string> Lines(int? width)
    {
        (int[] shown, int[] widths) = Layout(width);
        return _rows.SelectMany((row, r) => Wrapped(shown, row, widths, isHeader: HasHeader && r == 0));
    }

    /// <summary>The columns that are shown, and the width of each.</summary>
    private (int[] Shown, int[] Widths) Layout(int? width)
    {
        int[] all = [.. Enumerable.Range(0, columns.Count)], natural = Widths((cell, _, _) => CellWidth.Of(cell));
        if (width is not { } available || Total(natural) <= available) return (all, natural);
        int[] strict = Widths((cell, kind, isHeader) => Least(cell, kind, isHeader, isStrict: true));
        int[] shown = all;
        while (Total([.. shown.Select(column => strict[column])]) > available && shown.LastOrDefault(column => columns[column].IsSecondary, -1) is >= 0 and var secondary)
            shown = [.. shown.Except([secondary])];
        if (Total([.. shown.Select(column => strict[column])]) <= available) return (shown, Shared(shown, natural, strict, available));
        int[] weak = Widths((cell, kind, isHeader) => Least(cell, kind, isHeader, isStrict: false));
        if (Total([.. shown.Select(column => weak[column])]) > available)
        {
            // Columns must be left out: as many that those which are shown need not be broken.
            while (shown.Length > 2 && Total([.. shown.Select(column => strict[column])]) > available) shown = shown[..^1];
            while (shown.Length > 1 && Total([.. shown.Select(column => weak[column])]) > available) shown = shown[..^1];
            if (Total([.. shown.Select(column => strict[column])]) <= available) return (shown, Shared(shown, natural, strict, available));
        }
        (natural, int[] least) = Broken(shown, natural, strict, weak, available);
        return (shown, Shared(shown, natural, least, available));
    }

    /// <summary>
    /// The widths that columns may have where some must be broken at weak places: as few columns of estimates as possible give
    /// way, and each of them in all its cells alike.
    /// </summary>
    private (int[] Natural, int[] Least) Broken(int[] shown, int[] natural, int[] strict, int[] weak, int available)
    {
        int[] whole = [.. shown.Where(column => columns[column].Kind == ColumnKind.Whole && _rows.Any(row => row[column].Contains('[')))];
        int[] most = [.. natural], least = [.. weak];
        foreach (int column in whole) least[column] = strict[column];
        foreach (int column in whole.OrderByDescending(column => strict[column] - weak[column]))
        {
            if (Total([.. shown.Select(one => least[one])]) <= available) break;
            most[column] = least[column] = weak[column];
        }
        return (most, least);
    }

    /// <summary>The natural widths, of which the largest give way first, down to what they need at least.</summary>
    private static int[] Shared(int[] shown, int[] natural, int[] least, int available)
    {
        int[] widths = [.. shown.Select(column => natural[column])];
        for (int excess = Total(widths) - available; excess > 0; excess--)
        {
            int most = Enumerable.Range(0, widths.Length).MaxBy(i => widths[i] - least[shown[i]]);
            if (widths[most] <= 1) break;
            widths[most]--;
        }
        return widths;
    }

    private int[] Widths(Func<string, ColumnKind, bool, int> width)
    {
        var widths = new int[columns.Count];
        bool isHeader = HasHeader;
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < widths.Length; i++) widths[i] = Math.Max(widths[i], width(row[i], columns[i].Kind, isHeader));
            isHeader = false;
        }
        return widths;
    }

    /// <summary>The width below which a cell cannot be read well.</summary>
    private static int Least(string cell, ColumnKind kind, bool isHeader, bool isStrict) => kind switch
    {
        ColumnKind.Number when !isHeader => CellWidth.Of(cell),
        ColumnKind.Text when !isHeader && !isStrict => Math.Min(WrappedText.Least(cell, isStrict), Readable),
        _ => WrappedText.Least(cell, isStrict),
    };

    private static int Total(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    private IEnumerable<string> Wrapped(int[] shown, string[] row, int[] widths, bool isHeader)
    {
        if (Line(shown, row, widths) is { } only)
        {
            yield return only;
            yield break;
        }
        string[][] cells =
        [
            .. shown.Select((column, i) => CellWidth.Of(row[column]) <= widths[i] ? new[] { row[column] }
                : [.. WrappedText.Lines(row[column], widths[i], isCut: columns[column].Kind == ColumnKind.Text && !isHeader)]),
        ];
        int height = cells.Max(lines => lines.Length);
        for (int line = 0; line < height; line++)
            yield return string.Join(new string(' ', Gap), shown.Select((column, i) => Aligned(cells[i].ElementAtOrDefault(line) ?? "", widths[i], columns[column].Kind))).TrimEnd();
    }

    /// <summary>A row whose cells all fit; null for another.</summary>
    private string? Line(int[] shown, string[] row, int[] widths)
    {
        _line.Clear();
        for (int i = 0; i < shown.Length; i++)
        {
            string cell = row[shown[i]];
            int space = widths[i] - CellWidth.Of(cell);
            if (space < 0) return null;
            if (i > 0) _line.Append(' ', Gap);
            if (columns[shown[i]].Kind == ColumnKind.Number) _line.Append(' ', space).Append(cell);
            else _line.Append(cell).Append(' ', space);
        }
        while (_line.Length > 0 && char.IsWhiteSpace(_line[^1])) _line.Length--;
        return _line.ToString();
    }

    private static string Aligned(string text, int width, ColumnKind kind)
    {
        string space = new(' ', Math.Max(0, width - CellWidth.Of(text)));
        return kind == ColumnKind.Number ? space + text : text + space;
    }
}
