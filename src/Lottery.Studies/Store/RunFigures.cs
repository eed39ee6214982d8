using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lottery.Masks;
using Lottery.Search;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>The numbers that a finished run comes down to: <c>results</c> of <c>run.json</c>.</summary>
public sealed record RunFigures
{
    /// <summary>Prunable weights.</summary>
    public required int Weights { get; init; }

    /// <summary>Kept weights.</summary>
    public required int Kept { get; init; }

    /// <inheritdoc cref="RunResult.Figures"/>
    public required TrainingFigures Training { get; init; }

    /// <inheritdoc cref="RunResult.Pruning"/>
    public required PruningFigures Pruning { get; init; }

    internal static RunFigures Of(RunResult result) => new()
    {
        Weights = result.Mask.Network.PrunableCount,
        Kept = result.Mask.Kept,
        Training = result.Figures,
        Pruning = result.Pruning,
    };

    /// <summary>All figures side by side, each under its own name.</summary>
    internal JsonObject Write()
    {
        JsonObject json = new() { ["weights"] = Weights, ["kept"] = Kept };
        Add(json, JsonSerializer.SerializeToNode(Training, RunFiguresJson.Default.TrainingFigures));
        Add(json, JsonSerializer.SerializeToNode(Pruning, RunFiguresJson.Default.PruningFigures));
        return json;
    }

    internal static RunFigures Read(JsonNode json) => new()
    {
        Weights = json["weights"]!.GetValue<int>(),
        Kept = json["kept"]!.GetValue<int>(),
        Training = json.Deserialize(RunFiguresJson.Default.TrainingFigures)!,
        Pruning = json.Deserialize(RunFiguresJson.Default.PruningFigures)!,
    };

    private static void Add(JsonObject json, JsonNode? more)
    {
        foreach ((string name, JsonNode? value) in more!.AsObject()) json[name] = value?.DeepClone();
    }
}

/// <summary>Figures as JSON, called as in <c>early-stop-step</c>; one that a run has not is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FigureConverter)])]
[JsonSerializable(typeof(TrainingFigures))]
[JsonSerializable(typeof(PruningFigures))]
internal sealed partial class RunFiguresJson : JsonSerializerContext;
