using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lottery.Report.Charts;

/// <summary>Everything that a chart draws, one value a line: what its CSV file holds.</summary>
/// <param name="Columns">What each column holds.</param>
/// <param name="Rows">A cell for each column.</param>
internal sealed record ChartTable(ImmutableArray<Column> Columns, ImmutableArray<ImmutableArray<TableValue>> Rows)
{
    /// <summary>The table of <paramref name="chart"/>: step, panel and series where there are several, then the numbers.</summary>
    public static ChartTable Of(Chart chart)
    {
        bool hasSteps = chart.Frames.Length > 1, hasPanels = chart.Frames.Any(frame => frame.Panels.Length > 1);
        var rows =
            from frame in chart.Frames
            from panel in frame.Panels
            from mark in panel.Marks
            from values in ValuesOf(mark)
            select (ImmutableArray<TableValue>)
            [
                .. hasSteps ? [frame.Label] : (TableValue[])[], .. hasPanels ? [panel.Label] : (TableValue[])[], mark.Name, .. values,
            ];
        return new(
            [
                .. hasSteps ? [new(chart.Steps)] : (Column[])[], .. hasPanels ? [new(chart.Panels)] : (Column[])[],
                new(chart.Series), .. NumbersOf(chart),
            ],
            [.. rows]);
    }

    /// <summary>The table as CSV (RFC 4180): full precision, a point for decimals, nothing where there is no number.</summary>
    public string Csv()
    {
        var text = new StringBuilder();
        Append(text, Columns.Select(column => column.Name));
        foreach (ImmutableArray<TableValue> row in Rows) Append(text, row.Select(value => value.Raw));
        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(Quote)).Append("\r\n");

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<Column> NumbersOf(Chart chart) => chart.Frames[0].Panels[0].Marks[0] switch
    {
        LineMark => [new(chart.X.Label, chart.X.Format), new(chart.Y.Label, chart.Y.Format),
            new("low", chart.Y.Format), new("high", chart.Y.Format), new("n", ValueFormat.Count)],
        BarMark => [new(chart.X.Label), new(chart.Y.Label, chart.Y.Format),
            new("low", chart.Y.Format), new("high", chart.Y.Format), new("n", ValueFormat.Count)],
        PointMark => [new(chart.X.Label, chart.X.Format), new(chart.Y.Label, chart.Y.Format)],
        HeatMapMark heat => [new(chart.Y.Label), new(chart.X.Label), new("value", heat.Format)],
        _ => throw new InvalidOperationException("A mark without a table."),
    };

    private static IEnumerable<TableValue[]> ValuesOf(Mark mark) => mark switch
    {
        LineMark line => line.Points.Select(point => (TableValue[])[point.X, point.Y, point.Low, point.High, point.Count]),
        BarMark bars => bars.Items.Select(bar =>
            (TableValue[])[bar.Category, bar.Value, bar.Low, bar.High, bar.Count == 0 ? double.NaN : bar.Count]),
        PointMark dots => dots.Points.Select(dot => (TableValue[])[dot.X, dot.Y]),
        HeatMapMark heat =>
            from row in heat.Values.Index()
            from column in row.Item.Index()
            select (TableValue[])[NameOf(heat.Rows, row.Index), NameOf(heat.Columns, column.Index), column.Item],
        _ => [],
    };

    private static TableValue NameOf(ImmutableArray<string> names, int index) => names.IsEmpty ? index : names[index];
}

/// <summary>A column of a chart's table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Format">How its numbers are written for people; null where it holds names.</param>
internal sealed record Column(string Name, ValueFormat? Format = null);

/// <summary>A name or a number; NaN is no number.</summary>
internal readonly record struct TableValue(string? Name, double Number)
{
    /// <summary>As a program reads it: every digit, and nothing where there is no number.</summary>
    public string Raw => Name ?? (double.IsNaN(Number) ? "" : Number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>As people read it.</summary>
    public string Told(ValueFormat? format) => Name ?? (format ?? ValueFormat.Count).Write(Number);

    /// <summary>A name.</summary>
    public static implicit operator TableValue(string name) => new(name, double.NaN);

    /// <summary>A number.</summary>
    public static implicit operator TableValue(double number) => new(null, number);
}
