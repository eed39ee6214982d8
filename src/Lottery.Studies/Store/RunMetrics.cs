using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lottery.Masks;
using Lottery.Search;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>The numbers that a finished run comes down to: <c>results</c> of <c>run.json</c>.</summary>
public sealed record RunMetrics
{
    /// <summary>Prunable weights.</summary>
    public required int Weights { get; init; }

    /// <summary>Kept weights.</summary>
    public required int Kept { get; init; }

    /// <inheritdoc cref="RunResult.Metrics"/>
    public required TrainingMetrics Training { get; init; }

    /// <inheritdoc cref="RunResult.Pruning"/>
    public required PruningMetrics Pruning { get; init; }

    internal static RunMetrics Of(RunResult result) => new()
    {
        Weights = result.Mask.Network.PrunableCount,
        Kept = result.Mask.Kept,
        Training = result.Metrics,
        Pruning = result.Pruning,
    };

    /// <summary>All metrics side by side, each under its own name.</summary>
    internal JsonObject Write()
    {
        JsonObject json = new() { ["weights"] = Weights, ["kept"] = Kept };
        Add(json, JsonSerializer.SerializeToNode(Training, RunMetricsJson.Default.TrainingMetrics));
        Add(json, JsonSerializer.SerializeToNode(Pruning, RunMetricsJson.Default.PruningMetrics));
        return json;
    }

    internal static RunMetrics Read(JsonNode json) => new()
    {
        Weights = json["weights"]!.GetValue<int>(),
        Kept = json["kept"]!.GetValue<int>(),
        Training = json.Deserialize(RunMetricsJson.Default.TrainingMetrics)!,
        Pruning = json.Deserialize(RunMetricsJson.Default.PruningMetrics)!,
    };

    private static void Add(JsonObject json, JsonNode? more)
    {
        foreach ((string name, JsonNode? value) in more!.AsObject()) json[name] = value?.DeepClone();
    }
}

/// <summary>Metrics as JSON, called as in <c>early-stop-step</c>; one that a run has not is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MetricConverter)])]
[JsonSerializable(typeof(TrainingMetrics))]
[JsonSerializable(typeof(PruningMetrics))]
internal sealed partial class RunMetricsJson : JsonSerializerContext;
