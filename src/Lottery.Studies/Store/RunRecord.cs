using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>A finished run in one line, for lists and statistics. Shares and accuracies are 0–1.</summary>
public sealed record RunRecord
{
    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The run of the level before that the mask was cut from (of a one-shot level, the dense run); null at level 0.
    /// </summary>
    public required string? Parent { get; init; }

    /// <summary>For a control, the ticket that it is compared with; else null.</summary>
    public required string? Ticket { get; init; }

    /// <summary>The studies that it belongs to, in ordinal order.</summary>
    public ImmutableArray<string> Studies { get; init; } = [];

    /// <summary>What the network is called.</summary>
    public required string Network { get; init; }

    /// <summary>What the data are called.</summary>
    public required string Data { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>0 is dense, or has the given mask.</summary>
    public required int Level { get; init; }

    /// <summary>Kept ÷ all prunable weights.</summary>
    public required double Density { get; init; }

    /// <summary>Kept weights.</summary>
    public required int Kept { get; init; }

    /// <summary>Prunable weights.</summary>
    public required int Weights { get; init; }

    /// <summary>The criterion's name or expression; null at level 0.</summary>
    public required string? Criterion { get; init; }

    /// <summary>SHA-256 of the mask that the search began with; null where it began dense.</summary>
    public string? GivenMask { get; init; }

    /// <summary>SHA-256 of the initial weights that the search began with; null for those of the seed, or that nobody knows.</summary>
    public string? GivenInitial { get; init; }

    /// <summary>SHA-256 of the weights of a level 0 that was trained elsewhere; null where it was trained here.</summary>
    public string? GivenFinal { get; init; }

    /// <summary>The mask-1 action; null for a dense run.</summary>
    public required string? Mask1 { get; init; }

    /// <summary>The mask-0 action; null for a dense run.</summary>
    public required string? Mask0 { get; init; }

    /// <summary>The weights that a supermask was learned on, <c>initial</c> or <c>signed-constant</c>; null for every other run.</summary>
    public string? Supermask { get; init; }

    /// <summary>Whether a learned supermask rescales its weights; null for every other run.</summary>
    public bool? Rescale { get; init; }

    /// <summary>Test accuracy of a learned supermask's most probable mask; null for every other run.</summary>
    public double? ThresholdedAccuracy { get; init; }

    /// <summary><c>none</c>, <c>reinit</c> or <c>random-mask</c>.</summary>
    public required string Control { get; init; }

    /// <summary>Always <c>finished</c>: what is not is no record.</summary>
    public string Status { get; init; } = "finished";

    /// <summary>Training steps.</summary>
    public required int Steps { get; init; }

    /// <summary>The evaluated step with the smallest validation loss.</summary>
    public required int EarlyStopStep { get; init; }

    /// <summary>Test accuracy of the best weights.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Test accuracy of the final weights.</summary>
    public required double FinalAccuracy { get; init; }

    /// <summary>Wall time inside training steps, assembly included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Wall time inside evaluations.</summary>
    public required double EvaluationSeconds { get; init; }

    /// <summary>Wall time of the whole run, all of its sittings together.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>When it was finished, in universal time.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>The record of a document; its studies are kept elsewhere.</summary>
    public static RunRecord Of(RunDocument document)
    {
        JsonNode specification = document.Specification;
        JsonNode? prune = specification["prune"], supermask = specification["supermask"];
        TrainingMetrics metrics = document.Metrics.Training;
        return new()
        {
            Id = document.Id,
            Parent = document.Parent,
            Ticket = document.Ticket,
            Network = document.Network,
            Data = document.Data,
            Seed = specification["seed"]!.GetValue<ulong>(),
            Level = specification["level"]!.GetValue<int>(),
            Density = (double)document.Metrics.Kept / document.Metrics.Weights,
            Kept = document.Metrics.Kept,
            Weights = document.Metrics.Weights,
            Criterion = prune?["criterion"]!.GetValue<string>(),
            Mask1 = specification["actions"]?["mask1"]!.GetValue<string>(),
            Mask0 = specification["actions"]?["mask0"]!.GetValue<string>(),
            GivenMask = specification["start"]?["mask"]?.GetValue<string>(),
            GivenInitial = specification["start"]?["initial"]?.GetValue<string>(),
            GivenFinal = specification["start"]?["pretrained"]?.GetValue<string>(),
            Supermask = supermask?["weights"]!.GetValue<string>(),
            Rescale = supermask?["rescale"]!.GetValue<bool>(),
            ThresholdedAccuracy = metrics.Thresholded?.Accuracy,
            Control = specification["control"]!.GetValue<string>(),
            Steps = specification["training"]!["steps"]!.GetValue<int>(),
            EarlyStopStep = metrics.EarlyStopStep,
            Accuracy = metrics.Accuracy,
            FinalAccuracy = metrics.FinalAccuracy,
            Seconds = metrics.Seconds,
            EvaluationSeconds = metrics.EvaluationSeconds,
            TotalSeconds = metrics.TotalSeconds,
            Ended = document.Origin.Ended,
        };
    }
}

/// <summary>Records as JSON, every field always there and called as in <c>early_stop_step</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(ImmutableArray<RunRecord>))]
public sealed partial class RunRecordJson : JsonSerializerContext;
