using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lottery.Report.Charts;

/// <summary>Everything that a figure draws, one value a line: what its CSV file holds.</summary>
/// <param name="Columns">What each column holds.</param>
/// <param name="Rows">A cell for each column.</param>
public sealed record FigureTable(ImmutableArray<Column> Columns, ImmutableArray<ImmutableArray<Datum>> Rows)
{
    /// <summary>The table of <paramref name="figure"/>: step, panel and series where there are several, then the numbers.</summary>
    public static FigureTable Of(Figure figure)
    {
        bool hasSteps = figure.Frames.Length > 1, hasPanels = figure.Frames.Any(frame => frame.Panels.Length > 1);
        var rows =
            from frame in figure.Frames
            from panel in frame.Panels
            from mark in panel.Marks
            from values in ValuesOf(mark)
            select (ImmutableArray<Datum>)
            [
                .. hasSteps ? [frame.Label] : (Datum[])[], .. hasPanels ? [panel.Label] : (Datum[])[], mark.Name, .. values,
            ];
        return new(
            [
                .. hasSteps ? [new(figure.Steps)] : (Column[])[], .. hasPanels ? [new(figure.Panels)] : (Column[])[],
                new(figure.Series), .. NumbersOf(figure),
            ],
            [.. rows]);
    }

    /// <summary>The table as CSV (RFC 4180): full precision, a point for decimals, nothing where there is no number.</summary>
    public string Csv()
    {
        var text = new StringBuilder();
        Append(text, Columns.Select(column => column.Name));
        foreach (ImmutableArray<Datum> row in Rows) Append(text, row.Select(datum => datum.Raw));
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(Quote)).Append("\r\n");

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<Column> NumbersOf(Figure figure) => figure.Frames[0].Panels[0].Marks[0] switch
    {
        Line => [new(figure.X.Label, figure.X.Form), new(figure.Y.Label, figure.Y.Form),
            new("low", figure.Y.Form), new("high", figure.Y.Form), new("n", Form.Count)],
        Bars => [new(figure.X.Label), new(figure.Y.Label, figure.Y.Form),
            new("low", figure.Y.Form), new("high", figure.Y.Form), new("n", Form.Count)],
        Dots => [new(figure.X.Label, figure.X.Form), new(figure.Y.Label, figure.Y.Form)],
        Heat heat => [new(figure.Y.Label), new(figure.X.Label), new("value", heat.Form)],
        _ => throw new InvalidOperationException("A mark without a table."),
    };

    private static IEnumerable<Datum[]> ValuesOf(Mark mark) => mark switch
    {
        Line line => line.Points.Select(spot => (Datum[])[spot.X, spot.Y, spot.Low, spot.High, spot.Count]),
        Bars bars => bars.Items.Select(bar =>
            (Datum[])[bar.Category, bar.Value, bar.Low, bar.High, bar.Count == 0 ? double.NaN : bar.Count]),
        Dots dots => dots.Points.Select(dot => (Datum[])[dot.X, dot.Y]),
        Heat heat =>
            from row in heat.Values.Index()
            from column in row.Item.Index()
            select (Datum[])[NameOf(heat.Rows, row.Index), NameOf(heat.Columns, column.Index), column.Item],
        _ => [],
    };

    private static Datum NameOf(ImmutableArray<string> names, int index) => names.IsEmpty ? index : names[index];
}

/// <summary>A column of a figure's table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Form">How its numbers are written for people; null where it holds names.</param>
public sealed record Column(string Name, Form? Form = null);

/// <summary>A name or a number; NaN is no number.</summary>
public readonly record struct Datum(string? Name, double Number)
{
    /// <summary>As a program reads it: every digit, and nothing where there is no number.</summary>
    public string Raw => Name ?? (double.IsNaN(Number) ? "" : Number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>As people read it.</summary>
    public string Told(Form? form) => Name ?? Numbers.Write(Number, form ?? Form.Count);

    /// <summary>A name.</summary>
    public static implicit operator Datum(string name) => new(name, double.NaN);

    /// <summary>A number.</summary>
    public static implicit operator Datum(double number) => new(null, number);
}
