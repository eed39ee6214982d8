using Lottery.Report.Charts;

namespace Lottery.Tests;

public class FigureTableTests
{
    private static Figure Lines(params Frame[] frames) => new()
    {
        Key = "f", Title = "F", Text = "", X = new("x, of it", Form.Density), Y = new("y", Form.Share), Steps = "step", Frames = [.. frames],
    };

    private static Frame Frame(string label, string name, params Spot[] spots) => new(label, [new("", [new Line(name, 0, [.. spots])])]);

    [Fact]
    public void Every_value_is_a_line_with_all_its_digits() => Assert.Equal(
        "treatment,\"x, of it\",y,low,high,n\r\n\"a \"\"b\"\"\",1,0.30000000000000004,0.25,0.5,3\r\n\"a \"\"b\"\"\",0.1,0.2,,,1\r\n",
        FigureTable.Of(Lines(Frame("", "a \"b\"", new(1, 0.1 + 0.2, 0.25, 0.5, 3), new(0.1, 0.2, double.NaN, double.NaN, 1)))).Csv());

    [Fact]
    public void Steps_are_a_column_where_there_are_several()
    {
        var table = FigureTable.Of(Lines(Frame("10 %", "a", new Spot(1, 2, 3, 4, 5)), Frame("5 %", "a", new Spot(1, 3, 3, 4, 5))));
        Assert.Equal(["step", "treatment", "x, of it", "y", "low", "high", "n"], table.Columns.Select(column => column.Name));
        Assert.Equal(["10 %", "5 %"], table.Rows.Select(row => row[0].Raw));
    }

    [Fact]
    public void A_heat_map_is_a_line_a_place()
    {
        Figure figure = Lines(new Frame("", [new("", [new Heat("h", ["c1", "c2"], ["r1"], [[0.5, double.NaN]]) { Form = Form.Share, Low = 0, High = 1 }])]));
        Assert.Equal(["h,r1,c1,0.5", "h,r1,c2,"], FigureTable.Of(figure).Csv().Split("\r\n")[1..3]);
    }

    [Fact]
    public void People_read_units_and_dashes()
    {
        Assert.Equal("97.5 %", new Datum(null, 0.975).Told(Form.Share));
        Assert.Equal("–", new Datum(null, double.NaN).Told(Form.Share));
        Assert.Equal("2,748", new Datum(null, 2748).Told(Form.Count));
    }
}
