using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lottery.Report.Charts;

/// <summary>All values of a chart, one per row: the content of its CSV file and of its table in the page.</summary>
/// <param name="Columns">Frame, panel and series where there are several, then the values.</param>
/// <param name="Rows">One value per column.</param>
internal sealed record ChartTable(ImmutableArray<ChartColumn> Columns, ImmutableArray<ImmutableArray<TableValue>> Rows)
{
    /// <summary>The table of <paramref name="chart"/>.</summary>
    public static ChartTable Create(Chart chart)
    {
        bool hasSteps = chart.Frames.Length > 1, hasPanels = chart.Frames.Any(frame => frame.Panels.Count(IsOwn) > 1);
        var rows =
            from frame in chart.Frames
            from panel in frame.Panels.Where(IsOwn)
            from mark in panel.Marks
            from values in Values(mark)
            select (ImmutableArray<TableValue>)
            [
                .. hasSteps ? [frame.Label] : (TableValue[])[], .. hasPanels ? [panel.Label] : (TableValue[])[], mark.Name, .. values,
            ];
        return new(
            [
                .. hasSteps ? [new(chart.Steps)] : (ChartColumn[])[], .. hasPanels ? [new(chart.Panels)] : (ChartColumn[])[],
                new(chart.Series), .. ValueColumns(chart),
            ],
            [.. rows]);
    }

    /// <summary>The table as CSV (RFC 4180): full precision, invariant culture, empty where there is no number.</summary>
    public string WriteCsv()
    {
        var text = new StringBuilder();
        Append(text, Columns.Select(column => column.Name));
        foreach (ImmutableArray<TableValue> row in Rows) Append(text, row.Select(value => value.Raw));
        return text.ToString();
    }

    /// <summary>False for a panel that shows values of another one enlarged.</summary>
    private static bool IsOwn(ChartPanel panel) => panel.Zoom is null;

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.AppendJoin(',', cells.Select(Quote)).Append("\r\n");

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static IEnumerable<ChartColumn> ValueColumns(Chart chart) => chart.Frames[0].Panels[0].Marks[0] switch
    {
        LineMark => [new(chart.X.Label, chart.X.Format), new(chart.Y.Label, chart.Y.Format),
            new("low", chart.Y.Format), new("high", chart.Y.Format), new("n", NumberKind.Count)],
        BarMark => [new(chart.X.Label), new(chart.Y.Label, chart.Y.Format),
            new("low", chart.Y.Format), new("high", chart.Y.Format), new("n", NumberKind.Count)],
        PointMark => [new(chart.X.Label, chart.X.Format), new(chart.Y.Label, chart.Y.Format)],
        HeatMapMark heat => [new(chart.Y.Label), new(chart.X.Label), new("value", heat.Format)],
        _ => throw new InvalidOperationException("A mark without columns."),
    };

    private static IEnumerable<TableValue[]> Values(Mark mark) => mark switch
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
/// <param name="Format">How the page writes its numbers; null if it holds names.</param>
internal sealed record ChartColumn(string Name, NumberKind? Format = null);

/// <summary>A name, or a number.</summary>
/// <param name="Name">The name; null for a number.</param>
/// <param name="Number">The number; NaN if there is none.</param>
internal readonly record struct TableValue(string? Name, double Number)
{
    /// <summary>The value in CSV: the shortest text that reads back exactly; empty for NaN.</summary>
    public string Raw => Name ?? (double.IsNaN(Number) ? "" : Number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The value in a page: rounded, with its unit; a dash for NaN.</summary>
    public string Write(NumberKind? format) => Name ?? (format ?? NumberKind.Count).Write(Number);

    /// <summary>Converts a name.</summary>
    public static implicit operator TableValue(string name) => new(name, double.NaN);

    /// <summary>Converts a number.</summary>
    public static implicit operator TableValue(double number) => new(null, number);
}
