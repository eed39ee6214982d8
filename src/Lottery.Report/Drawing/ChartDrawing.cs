using System.Collections.Immutable;
using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>
/// The image of a chart, without a browser: the legend and the panels of one frame, laid out for a width and a size of text.
/// </summary>
internal sealed class ChartDrawing
{
    private const double Padding = 0.5, Gap = 1.4, SampleWidth = 2.6;

    private readonly Chart _chart;
    private readonly ChartFrame _frame;
    private readonly Palette _palette;
    private readonly double _em, _titleSize, _inner, _top;
    private readonly IReadOnlyList<string> _title, _step;
    private readonly ImmutableArray<LegendEntry> _legend;
    private readonly ImmutableArray<(PanelDrawing Drawing, IReadOnlyList<string> Label, Box Box)> _panels;

    public ChartDrawing(Chart chart, ChartStyle style)
    {
        (_chart, _frame, _palette, _em) = (chart, chart.Frames[chart.First], Palette.Find(style.Palette), style.FontSize);
        (Width, _inner, _titleSize) = (style.Width, style.Width - 2 * Padding * _em, 1.2 * _em);
        _title = style.HasTitle ? Typeface.Wrap(chart.Title, _inner, _titleSize, bold: true) : [];
        _step = _frame.Label.Length > 0 ? Typeface.Wrap($"{chart.Steps}: {_frame.Label}", _inner, _em) : [];
        double y = Padding * _em + _title.Count * TextBlock.LineHeight * _titleSize + _step.Count * TextBlock.LineHeight * _em;
        if (_title.Count + _step.Count > 0) y += 0.4 * _em;
        _top = y;
        _legend = [.. LayOutLegend(y)];
        if (!_legend.IsEmpty) y = _legend.Max(entry => entry.Y + entry.Lines.Count * TextBlock.LineHeight * _em) + 0.4 * _em;
        _panels = [.. LayOutPanels(y)];
        Height = Math.Ceiling(_panels.Max(panel => panel.Box.Bottom) + Padding * _em + (HasScale ? HeatScale.Height(_em) : 0));
    }

    /// <summary>The width, in points.</summary>
    public double Width { get; }

    /// <summary>The height, in points.</summary>
    public double Height { get; }

    private bool HasScale => _chart.X.Kind == AxisKind.Pixels;

    /// <summary>Draws it.</summary>
    public void Draw(ICanvas canvas)
    {
        double y = Padding * _em;
        if (_title.Count > 0) canvas.Text(new(_title, new(Padding * _em, y + _titleSize), _titleSize, Palette.Ink) { IsBold = true });
        y += _title.Count * TextBlock.LineHeight * _titleSize;
        if (_step.Count > 0) canvas.Text(new(_step, new(Padding * _em, y + _em), _em, Palette.Soft));
        if (!_legend.IsEmpty) canvas.Group("legend", () => { foreach (LegendEntry entry in _legend) Draw(canvas, entry); });
        double left = _panels.Max(panel => panel.Drawing.LeftMargin(panel.Box.Height - LabelHeight(panel.Label.Count)));
        foreach ((PanelDrawing drawing, IReadOnlyList<string> label, Box box) in _panels)
            canvas.Group("panel", () =>
            {
                double head = LabelHeight(label.Count);
                if (head > 0) canvas.Text(LabelOf(drawing, label, box, left));
                drawing.Draw(canvas, box with { Y = box.Y + head, Height = box.Height - head }, left);
            });
        if (HasScale && _frame.Panels[0].Marks.OfType<HeatMapMark>().FirstOrDefault() is { } heat)
            HeatScale.Draw(canvas, heat, _palette, _em, new(Padding * _em, _panels.Max(panel => panel.Box.Bottom), _inner, 0));
    }

    /// <summary>The label of a panel: over its data, or as far left as its length asks for.</summary>
    private TextBlock LabelOf(PanelDrawing drawing, IReadOnlyList<string> label, Box box, double left) => drawing is PointPanel
        ? new(label, new(Math.Max(box.X, Math.Min(box.X + left, box.Right - Typeface.Measure(label, _em))), box.Y + _em), _em, Palette.Ink)
        : new(label, new(box.Centre.X, box.Y + _em), _em, Palette.Ink, TextAnchor.Middle);

    private double LabelHeight(int lines) => lines == 0 ? 0 : (lines * TextBlock.LineHeight + 0.15) * _em;

    /// <summary>The legend entries, from left to right, in as many lines as they need; none for a single mark.</summary>
    private IEnumerable<LegendEntry> LayOutLegend(double y)
    {
        Mark[] marks = [.. _frame.Panels.SelectMany(panel => panel.Marks).Where(mark => mark is not HeatMapMark).DistinctBy(mark => mark.Name)];
        if (marks.Length < 2) yield break;
        double sample = (SampleWidth + 0.5) * _em, x = 0;
        int tallest = 1;
        foreach (Mark mark in marks)
        {
            IReadOnlyList<string> lines = Typeface.Wrap(mark.Name, _inner - sample, _em);
            double width = sample + Typeface.Measure(lines, _em);
            if (x > 0 && x + width > _inner)
            {
                (x, y) = (0, y + (tallest * TextBlock.LineHeight + 0.1) * _em);
                tallest = 1;
            }
            tallest = Math.Max(tallest, lines.Count);
            yield return new(mark, lines, Padding * _em + x, y);
            x += width + 1.4 * _em;
        }
    }

    private void Draw(ICanvas canvas, LegendEntry entry)
    {
        Box sample = new(entry.X, entry.Y + 0.05 * _em, SampleWidth * _em, 1.2 * _em);
        Rgb colour = _palette.Of(entry.Mark.Slot).Colour;
        if (entry.Mark is not BarMark) PointPanel.DrawSample(canvas, entry.Mark, _palette, sample, _em);
        else canvas.Rectangle(new(sample.Right - 1.1 * _em, sample.Y + 0.15 * _em, 0.9 * _em, 0.9 * _em), entry.Mark.Slot < 0 ? colour.Mix(Rgb.White, 0.5) : colour);
        canvas.Text(new(entry.Lines, new(sample.Right + 0.5 * _em, entry.Y + _em), _em, Palette.Ink));
    }

    /// <summary>The panels in rows of equal length, as many side by side as can be read.</summary>
    private IEnumerable<(PanelDrawing Drawing, IReadOnlyList<string> Label, Box Box)> LayOutPanels(double y)
    {
        ImmutableArray<ChartPanel> panels = _frame.Panels;
        (double least, int most) = HasScale ? (6.5 * _em, 6) : (20 * _em, panels.Length == 4 ? 2 : 3);
        int across = Math.Clamp((int)((_inner + Gap * _em) / (least + Gap * _em)), 1, Math.Min(panels.Length, most));
        int rows = (panels.Length + across - 1) / across;
        across = (panels.Length + rows - 1) / rows;
        // An image of pixels is not enlarged to the whole width.
        int columns = HasScale ? Math.Max(across, Math.Min(3, (int)(_inner / least))) : across;
        double width = (_inner - (columns - 1) * Gap * _em) / columns;
        foreach (ChartPanel[] row in panels.Chunk(across))
        {
            PanelDrawing[] drawings = [.. row.Select(panel => PanelDrawing.Create(_chart, panel, _palette, _em))];
            IReadOnlyList<string>[] labels = [.. row.Select(panel => panel.Label.Length == 0 ? [] : Typeface.Wrap(panel.Label, width, _em))];
            double height = drawings.Max(drawing => drawing.Height(width, across == 1)) + LabelHeight(labels.Max(label => label.Count));
            foreach ((int i, PanelDrawing drawing) in drawings.Index())
                yield return (drawing, labels[i], new(Padding * _em + i * (width + Gap * _em), y, width, height));
            y += height + (HasScale ? 0.6 : 1) * _em;
        }
    }

    /// <summary>An entry of the legend.</summary>
    private sealed record LegendEntry(Mark Mark, IReadOnlyList<string> Lines, double X, double Y);
}
