using System.Text.Json.Nodes;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies;

/// <summary>The metrics in <c>run.json</c> are those of the records, under their names.</summary>
public class RunMetricsTests
{
    private const string Old = """
        {
          "weights": 50, "kept": 33, "early-stop-step": 100, "accuracy": 0.9, "loss": 0.31, "final-accuracy": 0.915,
          "final-loss": "Infinity", "thresholds": { "fc1.weight": 1e-05 }, "kept-last": ["output.weight"],
          "seconds": 1.25, "evaluation-seconds": 0.5, "total-seconds": 2
        }
        """;

    [Fact]
    public void What_earlier_versions_wrote_is_read_and_written_again_as_it_was()
    {
        JsonNode old = JsonNode.Parse(Old)!;
        RunMetrics read = RunMetrics.Read(old);
        Assert.Equal((33, 100, double.PositiveInfinity), (read.Kept, read.Training.EarlyStopStep, read.Training.FinalLoss));
        Assert.Equal(1e-5, read.Pruning.Thresholds["fc1.weight"]);
        Assert.True(JsonNode.DeepEquals(old, read.Write()), read.Write().ToJsonString());
        Assert.Contains("1e-05", read.Write().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_figures_are_kept()
    {
        JsonObject json = JsonNode.Parse(Old)!.AsObject();
        json["initial-accuracy"] = 0.125;
        json["initial-loss"] = "NaN";
        json["masking"] = JsonNode.Parse("""{"fc1.weight":{"pruned":4,"pruned-nearer":3,"candidates":8,"candidates-nearer":5}}""");
        RunMetrics read = RunMetrics.Read(json);
        Assert.Equal((0.125, double.NaN), (read.Training.InitialAccuracy!.Value, read.Training.InitialLoss!.Value));
        Assert.Equal(new(4, 3, 8, 5), read.Pruning.Masking!["fc1.weight"]);
        Assert.True(JsonNode.DeepEquals(json, read.Write()), read.Write().ToJsonString());
    }

    [Fact]
    public void A_missing_figure_is_an_error()
    {
        JsonObject old = JsonNode.Parse(Old)!.AsObject();
        old.Remove("final-loss");
        Assert.Throws<System.Text.Json.JsonException>(() => RunMetrics.Read(old));
    }
}
