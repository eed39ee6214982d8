using System.Xml.Linq;
using Lottery.Report.Charts;
using Lottery.Report.Drawing;
using UglyToad.PdfPig;

namespace Lottery.UnitTests.Report.Drawing;

public class ChartDrawingTests
{
    private static readonly ChartStyle s_column = new() { Width = 3.25 * 72, FontSize = 8 };

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string, double, double, bool> Layouts()
    {
        var all = new TheoryData<string, double, double, bool>();
        foreach (string name in SampleCharts.All.Keys)
            foreach ((double width, double size, bool titled) in ((double, double, bool)[])[(234, 8, false), (234, 9.7, true), (396, 10, false), (570, 9, true)])
                all.Add(name, width, size, titled);
        return all;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Text_lies_within_the_image_and_not_on_other_text(string name, double width, double size, bool titled)
    {
        RecordingCanvas canvas = Draw(SampleCharts.All[name], new() { Width = width, FontSize = size, HasTitle = titled }, out ChartDrawing drawing);
        const double slack = 0.3;
        Assert.All(canvas.Lines, line => Assert.True(
            line.Box.X >= -slack && line.Box.Y >= -slack && line.Box.Right <= drawing.Width + slack && line.Box.Bottom <= drawing.Height + slack,
            $"'{line.Text}' is outside: {line.Box} of {drawing.Width} × {drawing.Height}"));
        for (int i = 0; i < canvas.Lines.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.False(Overlap(canvas.Lines[i].Box, canvas.Lines[j].Box) > slack, $"'{canvas.Lines[i].Text}' is on '{canvas.Lines[j].Text}'");
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_panel_has_three_ticks_on_each_axis_or_more(string name, double width, double size, bool titled)
    {
        Chart chart = SampleCharts.All[name];
        if (chart.Frames[0].Panels[0].Marks[0] is HeatMapMark or BarMark) return;
        RecordingCanvas canvas = Draw(chart, new() { Width = width, FontSize = size, HasTitle = titled }, out _);
        int ticks = canvas.Lines.Count(line => line.Text.All(c => "0123456789.,−% e".Contains(c, StringComparison.Ordinal)));
        Assert.True(ticks >= 6 * chart.Frames[0].Panels.Length, $"{ticks} ticks");
    }

    [Fact]
    public void A_figure_scales_has_a_title_for_readers_and_none_in_the_image()
    {
        XElement svg = Svg(SampleCharts.All["three lines"], s_column);
        Assert.Equal("234pt", (string?)svg.Attribute("width"));
        Assert.StartsWith("0 0 234 ", (string?)svg.Attribute("viewBox"), StringComparison.Ordinal);
        Assert.Equal("Accuracy as weights are pruned", svg.Element(s_svg + "title")!.Value);
        Assert.DoesNotContain("Accuracy as weights are pruned", Texts(svg));
        Assert.Contains("Accuracy as weights are pruned", Texts(Svg(SampleCharts.All["three lines"], new() { HasTitle = true })));
        Assert.EndsWith("sans-serif", (string?)svg.Attribute("font-family"), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_label_is_one_element_with_one_position()
    {
        XElement svg = Svg(SampleCharts.All["nine lines"], new());
        foreach (string name in SampleCharts.Names.Take(9)) Assert.Single(Texts(svg), text => text == name);
        Assert.All(svg.Descendants(s_svg + "text").Attributes("x"), x => Assert.DoesNotContain(' ', x.Value));
        Assert.Single(Texts(svg), "100 %");
        // A wrapped label is one element as well, its words separated.
        Assert.Contains(SampleCharts.Names[4], Texts(Svg(SampleCharts.All["nine lines"], new() { Width = 200, FontSize = 8 })).Select(text => text.Replace("- ", "-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a matrix", 6 - 1, 3, 2)]
    [InlineData("a large matrix", 81 - 1, 9, 9)]
    [InlineData("one image", 64, 8, 8)]
    [InlineData("images", 6 * 28 * 28, 28, 28)]
    public void A_heat_map_is_one_rectangle_a_cell(string name, int cells, int rows, int columns)
    {
        foreach (ChartStyle style in (ChartStyle[])[s_column, new()])
        {
            XElement[] rectangles = [.. Svg(SampleCharts.All[name], style).Descendants(s_svg + "g").Where(group => (string?)group.Attribute("class") == "cells").Elements()];
            Assert.All(rectangles, rectangle => Assert.Equal(s_svg + "rect", rectangle.Name));
            Assert.Equal(cells, rectangles.Length);
            RecordingCanvas canvas = Draw(SampleCharts.All[name], style, out _);
            Box[] boxes = [.. canvas.Rectangles.Where(one => one.Group == "cells").Select(one => one.Box)];
            double[] left = [.. boxes.Take(cells).Select(box => Math.Round(box.X, 6)).Distinct().Order()], top = [.. boxes.Select(box => Math.Round(box.Y, 6)).Distinct().Order()];
            if (name != "images") Assert.Equal((rows, columns), (top.Length, left.Length));
            if (name != "images") Assert.All(left.Zip(left.Skip(1), (a, b) => b - a), step => Assert.Equal(left[1] - left[0], step, 1e-5));
            Assert.All(boxes, box => Assert.InRange(box.Width, boxes[0].Width - 0.2, boxes[0].Width + 0.2));
        }
    }

    [Fact]
    public void The_rows_of_a_matrix_are_beside_their_labels()
    {
        RecordingCanvas canvas = Draw(SampleCharts.Matrix(3, 2), s_column, out _);
        Box[] rows = [.. canvas.Rectangles.Where(one => one.Group == "cells").Select(one => one.Box).DistinctBy(box => box.Y)];
        foreach ((Box row, string name) in rows.Zip(["large-final", "small-init-", "learning rate"]))
        {
            Box label = canvas.Lines.First(line => line.Text.StartsWith(name, StringComparison.Ordinal)).Box;
            Assert.InRange(label.Centre.Y, row.Y, row.Bottom);
        }
    }

    [Fact]
    public void Lines_differ_in_black_and_white()
    {
        RecordingCanvas canvas = Draw(SampleCharts.Lines(10, 5, 0.1), new() { Palette = "grey" }, out _);
        var samples = canvas.Strokes.Where(line => line.Group == "legend").Select(line => (line.Stroke.Colour, string.Join(' ', line.Stroke.Dash ?? []))).ToArray();
        Assert.Equal(10, samples.Length);
        Assert.Equal(10, samples.Distinct().Count());
    }

    [Theory]
    [InlineData("three lines")]
    [InlineData("a matrix")]
    [InlineData("bars")]
    public void The_text_of_a_PDF_file_can_be_selected(string name)
    {
        byte[] file = ChartImage.WritePdf(SampleCharts.All[name], s_column);
        using var pdf = PdfDocument.Open(file);
        UglyToad.PdfPig.Content.Page page = Assert.Single(pdf.GetPages());
        Assert.Equal(234, page.Width);
        RecordingCanvas canvas = Draw(SampleCharts.All[name], s_column, out ChartDrawing drawing);
        Assert.Equal(drawing.Height, page.Height);
        string text = page.Text.Replace(" ", "", StringComparison.Ordinal);
        Assert.All(canvas.Lines, line => Assert.Contains(line.Text.Replace(" ", "", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Equal(file, ChartImage.WritePdf(SampleCharts.All[name], s_column));
    }

    [Fact]
    public void A_PNG_file_states_its_size_on_paper()
    {
        byte[] png = ChartImage.WritePng(SampleCharts.All["a matrix"], s_column);
        Assert.Equal(975, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        int at = png.AsSpan().IndexOf("pHYs"u8);
        Assert.Equal(11_811, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 4)));
    }

    [Theory]
    [InlineData(10, 8, "1 to 40 inches")]
    [InlineData(234, 1, "3 or more")]
    [InlineData(234, 40, "9.7 or less")]
    public void Sizes_that_cannot_be_drawn_are_refused(double width, double size, string advice) =>
        Assert.Contains(advice, Assert.Throws<UserException>(() => new ChartStyle { Width = width, FontSize = size }.Check()).Message, StringComparison.Ordinal);

    private static RecordingCanvas Draw(Chart chart, ChartStyle style, out ChartDrawing drawing)
    {
        var canvas = new RecordingCanvas();
        drawing = new(chart, style);
        drawing.Draw(canvas);
        return canvas;
    }

    private static XElement Svg(Chart chart, ChartStyle style) => XDocument.Parse(ChartImage.WriteSvg(chart, style)).Root!;

    private static string[] Texts(XElement svg) => [.. svg.Descendants(s_svg + "text").Select(text => text.Value)];

    /// <summary>The width or the height of what two boxes share, whichever is less.</summary>
    private static double Overlap(Box a, Box b) =>
        Math.Min(Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X), Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y));
}
