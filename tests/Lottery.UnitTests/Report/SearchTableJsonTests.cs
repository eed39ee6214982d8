using System.Text.Json.Nodes;
using Lottery.Report.Tables;
using Lottery.Specifications;
using static Lottery.UnitTests.Report.SearchOutcomes;

namespace Lottery.UnitTests.Report;

public sealed class SearchTableJsonTests
{
    [Fact]
    public void Every_control_is_compared_with_its_ticket()
    {
        JsonNode json = Write(Typical);
        Assert.Equal("s", (string?)json["name"]);
        Assert.Equal("accuracy", (string?)json["metric"]);
        Assert.Equal(["a", "b"], json["runs"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(StudyFinding.Describe(Typical), (string?)json["finding"]);
        JsonNode ticket = CellAt(json, 2, "none"), reinit = CellAt(json, 2, "reinit"), random = CellAt(json, 2, "random-mask");
        Assert.Equal(["none", "reinit", "random-mask"],
            json["cells"]!.AsArray().Where(cell => (int)cell!["level"]! == 2).Select(cell => (string?)cell!["control"]));
        Assert.Equal(0.411, (double)ticket["density"]!);
        Assert.Equal(0.88333, (double)ticket["accuracy"]!["mean"]!, 0.00001);
        Assert.Equal(3, (int)ticket["accuracy"]!["n"]!);
        Assert.True((bool)ticket["reference"]!);
        Assert.Null(ticket["difference"]);
        Assert.Equal(-0.011, (double)reinit["difference"]!["mean"]!, 1e-12);
        Assert.Equal("worse", (string?)reinit["difference"]!["verdict"]);
        Assert.Equal(-0.011333, (double)random["difference"]!["mean"]!, 0.000001);
        Assert.Equal("large-final", (string?)ticket["criterion"]);
    }

    [Fact]
    public void Tickets_and_controls_are_compared_with_the_dense_network()
    {
        JsonNode json = Write(Typical);
        JsonNode good = CellAt(json, 2, "none")["against_dense"]!, bad = CellAt(json, 3, "none")["against_dense"]!, control = CellAt(json, 3, "reinit")["against_dense"]!;
        Assert.True((bool)good["as_good"]!["holds"]!);
        Assert.Equal("better", (string?)good["accuracy"]!["verdict"]);
        Assert.False((bool)bad["as_good"]!["holds"]!);
        Assert.Equal("worse", (string?)bad["accuracy"]!["verdict"]);
        Assert.Equal(0.003, (double)good["as_good"]!["margin"]!);
        Assert.Equal(3, (int)good["family"]!);
        Assert.Equal(200, (double)good["early_stop_step"]!["mean"]!);
        Assert.Null(good["early_stop_step"]!["bound"]);
        Assert.Equal(-0.018, (double)control["accuracy"]!["mean"]!, 1e-12);
        Assert.Null(CellAt(json, 0, "none")["against_dense"]);
    }

    [Fact]
    public void Where_results_are_judged_and_the_best_of_all_densities_are_said()
    {
        JsonNode json = Write(Typical), best = json["best"]![0]!;
        Assert.Equal(0.411, (double)json["judged"]!["density"]!);
        Assert.Equal("as-good", (string?)json["judged"]!["by"]);
        Assert.Equal("ticket", (string?)best["condition"]);
        Assert.Equal((0.883 + 0.884 + 0.886) / 3, (double)best["each_run"]!["mean"]!, 1e-12);
        Assert.Equal(0.641, (double)best["best_mean"]!["density"]!);
        Assert.Null(best["on_validation"]);
    }

    [Fact]
    public void One_replicate_has_nulls_where_there_is_no_number()
    {
        JsonNode json = Write(Table(Dense(88), At(1, Control.None, 88.5), At(1, Control.Reinit, 88.1)));
        JsonNode ticket = CellAt(json, 1, "none"), reinit = CellAt(json, 1, "reinit");
        Assert.Equal("test-images", (string?)ticket["accuracy"]!["interval"]);
        Assert.Equal(0.8786, (double)ticket["accuracy"]!["low"]!, 0.0001);
        Assert.Equal(-0.004, (double)reinit["difference"]!["mean"]!, 1e-12);
        Assert.Null(reinit["difference"]!["low"]);
        Assert.Null(reinit["difference"]!["p"]);
        Assert.False((bool)ticket["against_dense"]!["as_good"]!["holds"]!);
        Assert.DoesNotContain("NaN", json.ToJsonString());
    }

    private static JsonObject Write(StudyTable table) => TableJson.Write("s", ["a", "b"], table, StudyFinding.Describe(table));

    private static JsonNode CellAt(JsonNode json, int level, string control) => json["cells"]!.AsArray()
        .Single(cell => (int)cell!["level"]! == level && (string?)cell["control"] == control)!;
}
