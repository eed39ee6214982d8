using System.Collections.Immutable;
using Lottery.Report.Charts;
using Lottery.Report.Tables;

namespace Lottery.Report.Drawing;

/// <summary>A matrix with names: one rectangle a cell, its value in it.</summary>
internal sealed class HeatMapPanel : PanelDrawing
{
    private readonly Matrix _matrix;

    public HeatMapPanel(Chart chart, HeatMapMark heat, Palette palette, double em) : base(palette, em) => _matrix = new(heat, chart.X.Label, chart.Y.Label);

    private double CellGap => 0.12 * Em;

    /// <summary>The narrowest column whose name can stand upright in it.</summary>
    private double LeastCell => TextBlock.LineHeight * Em;

    /// <inheritdoc/>
    public override double Height(double width, bool isSingle)
    {
        Layout layout = LayOut(width);
        return Math.Max(layout.Body + layout.Foot, Typeface.Measure(layout.Matrix.Down, Em)) + (layout.Cells == CellText.None ? HeatScale.Height(Em) : 0);
    }

    /// <inheritdoc/>
    public override void Draw(ICanvas canvas, Box box, double leftMargin)
    {
        Layout layout = LayOut(box.Width);
        double x0 = box.X + layout.Left, bottom = box.Y + layout.Body;
        foreach ((int r, IReadOnlyList<string> lines) in layout.Rows.Index())
            canvas.Text(TextBlock.Centred(lines, new(x0 - 0.5 * Em, box.Y + (r + 0.5) * layout.RowHeight), Em, Palette.Ink, TextAnchor.End));
        foreach ((int c, IReadOnlyList<string> lines) in layout.Columns.Index())
            DrawColumnName(canvas, layout, lines, x0 + (c + 0.5) * layout.CellWidth, bottom);
        WriteWithin(canvas, box, layout.Across, x0 + layout.CellWidth * layout.Columns.Length / 2, bottom + layout.Foot - TextHeight(layout.Across.Count) + 0.6 * Em);
        WriteVertical(canvas, layout.Matrix.Down, new(box.X, box.Y, 0, layout.Body));
        canvas.Group("cells", () => DrawCells(canvas, x0, box.Y, layout));
        DrawTexts(canvas, x0, box.Y, layout);
        if (layout.Cells == CellText.None) HeatScale.Draw(canvas, layout.Matrix.Heat, Palette, Em, new(box.X, box.Bottom - HeatScale.Height(Em), box.Width, 0));
    }

    private void DrawColumnName(ICanvas canvas, Layout layout, IReadOnlyList<string> lines, double middle, double top)
    {
        if (!layout.IsVertical)
        {
            Write(canvas, lines, middle, top + 1.2 * Em, colour: Palette.Ink);
            return;
        }
        // More columns than lines of text fit: smaller names are better than names on each other.
        double size = Math.Min(Em, layout.CellWidth / TextBlock.LineHeight), x = middle + size * (0.35 - (lines.Count - 1) * TextBlock.LineHeight / 2);
        canvas.Text(new(lines, new(x, top + 0.5 * Em), size, Palette.Ink, TextAnchor.End) { IsVertical = true });
    }

    private void DrawCells(ICanvas canvas, double x0, double y0, Layout layout)
    {
        foreach ((int r, int c, double value) in layout.Matrix.Values)
            canvas.Rectangle(new(x0 + c * layout.CellWidth, y0 + r * layout.RowHeight, layout.CellWidth - CellGap, layout.RowHeight - CellGap), Colour(value));
    }

    private void DrawTexts(ICanvas canvas, double x0, double y0, Layout layout)
    {
        if (layout.Cells == CellText.None) return;
        foreach ((int r, int c, double value) in layout.Matrix.Values)
        {
            Rgb colour = Colour(value).Contrast(Rgb.White) > Colour(value).Contrast(Palette.Ink) ? Rgb.White : Palette.Ink;
            Position centre = new(x0 + (c + 0.5) * layout.CellWidth - CellGap / 2, y0 + (r + 0.5) * layout.RowHeight - CellGap / 2);
            canvas.Text(TextBlock.Centred([Text(value, layout.Cells)], centre, Em, colour, TextAnchor.Middle));
        }
    }

    private Rgb Colour(double value) => Palette.HeatAt((value - _matrix.Heat.Low) / Math.Max(1e-12, _matrix.Heat.High - _matrix.Heat.Low));

    /// <summary>The value of a cell; without its percent sign where there is little width.</summary>
    private string Text(double value, CellText cells) =>
        cells == CellText.Number && _matrix.Heat.Format == NumberKind.Percent ? NumberFormat.Percent(value) : _matrix.Heat.Format.Write(value);

    /// <summary>The layout in a width; the matrix is turned where its columns do not fit and its rows do.</summary>
    private Layout LayOut(double width)
    {
        Layout layout = LayOut(_matrix, width);
        return layout.CellWidth >= LeastCell || layout.Columns.Length <= layout.Rows.Length ? layout : LayOut(_matrix.Turned, width);
    }

    private Layout LayOut(Matrix matrix, double width)
    {
        HeatMapMark heat = matrix.Heat;
        IReadOnlyList<string>[] rows = [.. heat.Rows.Select(name => Typeface.Wrap(name, 0.32 * width, Em))];
        double left = 1.8 * Em + rows.Max(lines => Typeface.Measure(lines, Em)) + 0.6 * Em;
        double cell = Math.Min((width - left) / heat.Columns.Length, 14 * Em);
        bool isVertical = heat.Columns.Any(name => Typeface.WidestPiece(name, Em) > cell - 0.5 * Em);
        IReadOnlyList<string>[] columns = [.. heat.Columns.Select(name => isVertical ? VerticalLines(name, cell) : Typeface.Wrap(name, cell - 0.5 * Em, Em))];
        double names = isVertical ? columns.Max(lines => Typeface.Measure(lines, Em)) + 0.6 * Em : TextHeight(columns.Max(lines => lines.Count)) + 0.2 * Em;
        IReadOnlyList<string> across = Typeface.Wrap(matrix.Across, Math.Max(cell * heat.Columns.Length, 8 * Em), Em);
        CellText cells = FirstThatFits(cell);
        double height = Math.Max(cells == CellText.None ? 1.4 * Em : 2.4 * Em, TextHeight(rows.Max(lines => lines.Count)) + 0.4 * Em);
        return new(matrix, left, cell, height, rows, columns, isVertical, across, names + TextHeight(across.Count) + 0.5 * Em, cells);
    }

    /// <summary>As many lines as are as wide as the column, the shortest that they can be.</summary>
    private IReadOnlyList<string> VerticalLines(string name, double cell)
    {
        int most = Math.Max(1, (int)(cell / LeastCell));
        double width = Math.Max(Typeface.WidestPiece(name, Em), Typeface.Measure(name, Em) / most);
        IReadOnlyList<string> lines = Typeface.Wrap(name, width, Em);
        for (; lines.Count > most; lines = Typeface.Wrap(name, width, Em)) width += Em;
        return lines;
    }

    private CellText FirstThatFits(double cell)
    {
        foreach (CellText text in (CellText[])[CellText.Whole, CellText.Number])
            if (_matrix.Values.All(value => Typeface.Measure(Text(value.Value, text), Em) <= cell - CellGap - 0.2 * Em)) return text;
        return CellText.None;
    }

    /// <summary>What the cells say.</summary>
    private enum CellText
    {
        Whole,
        Number,
        None,
    }

    /// <summary>The values, and what rows and columns are.</summary>
    private sealed record Matrix(HeatMapMark Heat, string Across, string Down)
    {
        public IEnumerable<(int Row, int Column, double Value)> Values =>
            from row in Heat.Values.Index()
            from cell in row.Item.Index()
            where double.IsFinite(cell.Item)
            select (row.Index, cell.Index, cell.Item);

        public Matrix Turned => new(
            Heat with
            {
                Columns = Heat.Rows, Rows = Heat.Columns,
                Values = [.. Enumerable.Range(0, Heat.Columns.Length).Select(column => (ImmutableArray<double>)[.. Heat.Values.Select(row => row[column])])],
            },
            Across: Down, Down: Across);
    }

    private sealed record Layout(
        Matrix Matrix, double Left, double CellWidth, double RowHeight, IReadOnlyList<string>[] Rows, IReadOnlyList<string>[] Columns,
        bool IsVertical, IReadOnlyList<string> Across, double Foot, CellText Cells)
    {
        public double Body => RowHeight * Rows.Length;
    }
}
