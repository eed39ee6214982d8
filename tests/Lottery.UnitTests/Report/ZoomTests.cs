using Lottery.Report.Charts;
using Lottery.UnitTests.Report.Drawing;

namespace Lottery.UnitTests.Report;

public class ZoomTests
{
    [Fact]
    public void A_chart_that_one_condition_crushes_has_an_enlarged_panel_and_says_so()
    {
        Chart chart = Zoom.Add(SampleCharts.Crushed);
        ChartPanel[] panels = [.. chart.Frames[0].Panels];
        Assert.Equal(2, panels.Length);
        Assert.InRange(panels[1].Zoom!.Value.Low, 0.95, 0.9665);
        Assert.InRange(panels[1].Zoom!.Value.High, 0.972, 0.98);
        Assert.Equal(panels[1].Zoom, panels[0].Enlarged);
        Assert.Contains("The second panel shows 96.5 % to 97.4 % enlarged.", chart.Text, StringComparison.Ordinal);
        // Its values stand in the table once, and in the page once.
        Assert.Equal(4 * 8, ChartTable.Create(chart).Rows.Length);
        Assert.DoesNotContain("panel", ChartTable.Create(chart).Columns.Select(column => column.Name));
        Assert.Matches(@"""marks"":\[\],""zoom"":\[0\.96\d*,0\.97\d*\]", ChartJson.Write(chart));
    }

    [Fact]
    public void Values_that_are_spread_and_differences_within_their_intervals_are_not_enlarged()
    {
        Assert.Single(Zoom.Add(SampleCharts.Lines(3, 9, 0.004)).Frames[0].Panels);
        Chart noise = SampleCharts.Crushed with
        {
            Frames = [new("", [new("", [.. SampleCharts.Crushed.Frames[0].Panels[0].Marks.OfType<LineMark>().Select(line => line with { Points = [.. line.Points.Select(point => point with { Low = point.Y - 0.2, High = point.Y + 0.2 })] })])])],
        };
        Assert.Single(Zoom.Add(noise).Frames[0].Panels);
        Assert.Single(Zoom.Add(SampleCharts.Lines(1, 9, 0.004)).Frames[0].Panels);
    }
}
