using System.Text.Json.Nodes;
using Lottery.Report.Charts;

namespace Lottery.UnitTests.Report;

public class ChartJsonTests
{
    private static string Json(string name, params ChartPoint[] points) => ChartJson.Write(new()
    {
        Key = "f", Title = "F", Text = "", X = new("x", NumberKind.Count), Y = new("y", NumberKind.Percent),
        Frames = [new("", [new("", [new LineMark(name, 3, [.. points])])])],
    });

    [Fact]
    public void No_name_can_end_the_script_that_it_stands_in()
    {
        string json = Json("</script><script>alert(1)</script><!--");
        Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        Assert.Equal("</script><script>alert(1)</script><!--", (string?)Mark(json)["name"]);
    }

    [Fact]
    public void Numbers_have_seven_digits_and_null_where_there_is_none()
    {
        JsonNode mark = Mark(Json("a", new ChartPoint(2748, 0.12345678912, double.NaN, double.PositiveInfinity, 1), new(0, -1234567.891, 1e-9, 0, 0)));
        Assert.Equal("[2748,0]", mark["x"]!.ToJsonString());
        Assert.Equal("[0.1234568,-1234568]", mark["y"]!.ToJsonString());
        Assert.Equal("[null,1E-09]", mark["low"]!.ToJsonString());
        Assert.Equal("[null,0]", mark["high"]!.ToJsonString());
    }

    private static JsonNode Mark(string json) => JsonNode.Parse(json)!["frames"]![0]!["panels"]![0]!["marks"]![0]!;
}
