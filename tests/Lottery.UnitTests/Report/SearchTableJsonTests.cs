using System.Text.Json.Nodes;
using Lottery.Report.Tables;
using Lottery.Specifications;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Report;

public sealed class SearchTableJsonTests
{
    [Fact]
    public void A_control_is_compared_with_its_ticket_and_a_ticket_with_its_first_control()
    {
        JsonNode json = TableJson.Write(["a", "b"], Typical);
        Assert.Equal(["a", "b"], json["runs"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(SearchFinding.Describe(Typical), (string?)json["finding"]);
        JsonNode ticket = CellAt(json, 2, "none"), reinit = CellAt(json, 2, "reinit"), random = CellAt(json, 2, "random-mask");
        Assert.Equal(["none", "reinit", "random-mask"],
            json["cells"]!.AsArray().Where(cell => (int)cell!["level"]! == 2).Select(cell => (string?)cell!["control"]));
        Assert.Equal(0.411, (double)ticket["density"]!);
        Assert.Equal(0.88333, (double)ticket["accuracy"]!["mean"]!, 0.00001);
        Assert.Equal(3, (int)ticket["accuracy"]!["n"]!);
        Assert.Equal("reinit", (string?)ticket["difference"]!["minus"]);
        Assert.True(JsonNode.DeepEquals(ticket["difference"], reinit["difference"]));
        Assert.Equal("random-mask", (string?)random["difference"]!["minus"]);
        Assert.Equal(0.011, (double)reinit["difference"]!["mean"]!, 1e-12);
        Assert.Equal("large-final", (string?)ticket["criterion"]);
    }

    [Fact]
    public void Tickets_are_compared_with_the_dense_network()
    {
        JsonNode json = TableJson.Write([], Typical);
        Assert.True((bool)CellAt(json, 2, "none")["against_dense"]!["as_good"]!);
        Assert.False((bool)CellAt(json, 3, "none")["against_dense"]!["as_good"]!);
        Assert.Equal(0.003, (double)CellAt(json, 2, "none")["against_dense"]!["margin"]!);
        Assert.Null(CellAt(json, 0, "none")["against_dense"]);
        Assert.Null(CellAt(json, 2, "reinit")["against_dense"]);
    }

    [Fact]
    public void One_replicate_has_nulls_where_there_is_no_number()
    {
        JsonNode json = TableJson.Write([], Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)));
        JsonNode ticket = CellAt(json, 1, "none");
        Assert.Equal("test-images", (string?)ticket["accuracy"]!["interval"]);
        Assert.Equal(0.8786, (double)ticket["accuracy"]!["low"]!, 0.0001);
        Assert.Null(ticket["difference"]!["low"]);
        Assert.Null(ticket["difference"]!["p"]);
        Assert.DoesNotContain("NaN", json.ToJsonString());
    }

    private static JsonNode CellAt(JsonNode json, int level, string control) => json["cells"]!.AsArray()
        .Single(cell => (int)cell!["level"]! == level && (string?)cell["control"] == control)!;
}
