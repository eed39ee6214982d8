using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>The numbers that a finished run comes down to.</summary>
public sealed record RunFigures
{
    /// <summary>Prunable weights.</summary>
    public required int Weights { get; init; }

    /// <summary>Kept weights.</summary>
    public required int Kept { get; init; }

    /// <inheritdoc cref="RunResult.EarlyStopStep"/>
    public required int EarlyStopStep { get; init; }

    /// <inheritdoc cref="RunResult.Accuracy"/>
    public required double Accuracy { get; init; }

    /// <inheritdoc cref="RunResult.Loss"/>
    public required double Loss { get; init; }

    /// <inheritdoc cref="RunResult.FinalAccuracy"/>
    public required double FinalAccuracy { get; init; }

    /// <inheritdoc cref="RunResult.FinalLoss"/>
    public required double FinalLoss { get; init; }

    /// <inheritdoc cref="RunResult.Thresholds"/>
    public required ImmutableSortedDictionary<string, double> Thresholds { get; init; }

    /// <inheritdoc cref="RunResult.KeptLast"/>
    public required ImmutableArray<string> KeptLast { get; init; }

    /// <inheritdoc cref="RunResult.Seconds"/>
    public required double Seconds { get; init; }

    /// <inheritdoc cref="RunResult.EvaluationSeconds"/>
    public required double EvaluationSeconds { get; init; }

    /// <inheritdoc cref="RunResult.TotalSeconds"/>
    public required double TotalSeconds { get; init; }

    internal static RunFigures Of(RunResult result) => new()
    {
        Weights = result.Mask.Network.PrunableCount,
        Kept = result.Mask.Kept,
        EarlyStopStep = result.EarlyStopStep,
        Accuracy = result.Accuracy,
        Loss = result.Loss,
        FinalAccuracy = result.FinalAccuracy,
        FinalLoss = result.FinalLoss,
        Thresholds = result.Thresholds,
        KeptLast = result.KeptLast,
        Seconds = result.Seconds,
        EvaluationSeconds = result.EvaluationSeconds,
        TotalSeconds = result.TotalSeconds,
    };

    internal JsonObject Write()
    {
        var thresholds = new JsonObject();
        foreach ((string name, double threshold) in Thresholds) thresholds[name] = Write(threshold);
        return new()
        {
            ["weights"] = Weights,
            ["kept"] = Kept,
            ["early-stop-step"] = EarlyStopStep,
            ["accuracy"] = Write(Accuracy),
            ["loss"] = Write(Loss),
            ["final-accuracy"] = Write(FinalAccuracy),
            ["final-loss"] = Write(FinalLoss),
            ["thresholds"] = thresholds,
            ["kept-last"] = new JsonArray([.. KeptLast.Select(name => JsonValue.Create(name))]),
            ["seconds"] = Write(Seconds),
            ["evaluation-seconds"] = Write(EvaluationSeconds),
            ["total-seconds"] = Write(TotalSeconds),
        };
    }

    internal static RunFigures Read(JsonNode json) => new()
    {
        Weights = json["weights"]!.GetValue<int>(),
        Kept = json["kept"]!.GetValue<int>(),
        EarlyStopStep = json["early-stop-step"]!.GetValue<int>(),
        Accuracy = ReadNumber(json["accuracy"]),
        Loss = ReadNumber(json["loss"]),
        FinalAccuracy = ReadNumber(json["final-accuracy"]),
        FinalLoss = ReadNumber(json["final-loss"]),
        Thresholds = json["thresholds"]!.AsObject().ToImmutableSortedDictionary(
            threshold => threshold.Key, threshold => ReadNumber(threshold.Value), StringComparer.Ordinal),
        KeptLast = [.. json["kept-last"]!.AsArray().Select(name => name!.GetValue<string>())],
        Seconds = ReadNumber(json["seconds"]),
        EvaluationSeconds = ReadNumber(json["evaluation-seconds"]),
        TotalSeconds = ReadNumber(json["total-seconds"]),
    };

    // A training that diverged has losses for which JSON has no number: "NaN", "Infinity".
    private static JsonNode Write(double value) =>
        double.IsFinite(value) ? CanonicalJson.Number(value) : value.ToString(CultureInfo.InvariantCulture);

    private static double ReadNumber(JsonNode? json) => json!.GetValueKind() == JsonValueKind.String
        ? double.Parse(json.GetValue<string>(), CultureInfo.InvariantCulture)
        : json.GetValue<double>();
}
