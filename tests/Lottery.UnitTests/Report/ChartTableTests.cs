using Lottery.Report.Charts;

namespace Lottery.UnitTests.Report;

public class ChartTableTests
{
    private static Chart Lines(params ChartFrame[] frames) => new()
    {
        Key = "f", Title = "F", Text = "", X = new("x, of it", NumberKind.Density), Y = new("y", NumberKind.Percent), Steps = "step", Frames = [.. frames],
    };

    private static ChartFrame ChartFrame(string label, string name, params ChartPoint[] points) => new(label, [new("", [new LineMark(name, 0, [.. points])])]);

    [Fact]
    public void Every_value_is_a_row_with_all_its_digits() => Assert.Equal(
        "condition,\"x, of it\",y,low,high,n\r\n\"a \"\"b\"\"\",1,0.30000000000000004,0.25,0.5,3\r\n\"a \"\"b\"\"\",0.1,0.2,,,1\r\n",
        ChartTable.Create(Lines(ChartFrame("", "a \"b\"", new(1, 0.1 + 0.2, 0.25, 0.5, 3), new(0.1, 0.2, double.NaN, double.NaN, 1)))).WriteCsv());

    [Fact]
    public void Steps_are_a_column_where_there_are_several()
    {
        var table = ChartTable.Create(Lines(ChartFrame("10 %", "a", new ChartPoint(1, 2, 3, 4, 5)), ChartFrame("5 %", "a", new ChartPoint(1, 3, 3, 4, 5))));
        Assert.Equal(["step", "condition", "x, of it", "y", "low", "high", "n"], table.Columns.Select(column => column.Name));
        Assert.Equal(["10 %", "5 %"], table.Rows.Select(row => row[0].Raw));
    }

    [Fact]
    public void A_heat_map_has_a_row_per_cell()
    {
        Chart chart = Lines(new ChartFrame("", [new("", [new HeatMapMark("h", ["c1", "c2"], ["r1"], [[0.5, double.NaN]]) { Format = NumberKind.Percent, Low = 0, High = 1 }])]));
        Assert.Equal(["h,r1,c1,0.5", "h,r1,c2,"], ChartTable.Create(chart).WriteCsv().Split("\r\n")[1..3]);
    }

    [Fact]
    public void Pages_show_units_and_dashes()
    {
        Assert.Equal("97.5 %", new TableValue(null, 0.975).Write(NumberKind.Percent));
        Assert.Equal("–", new TableValue(null, double.NaN).Write(NumberKind.Percent));
        Assert.Equal("2,748", new TableValue(null, 2748).Write(NumberKind.Count));
    }
}
