using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Search;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// SHA-256 of what each stage of a run produced, in lower-case hexadecimal and in the order of the run: the mask, the initial
/// weights, each epoch's batch order, the best weights, the final weights; of a learned supermask also the best and the final
/// scores.
/// </summary>
internal static class RunStages
{
    /// <summary>The stages of a run.</summary>
    public static ImmutableArray<(string Stage, string Sha256)> Of(RunResult run) =>
        Named(run.Mask.Sha256, run.Initial.Sha256, run.BatchOrders, run.Best.Sha256, run.Final.Sha256,
            run.Scores?.Best.Sha256, run.Scores?.Final.Sha256);

    /// <summary>The first stage, in the order of a run, whose hash differs; null where none does.</summary>
    public static string? FirstDifference(
        ImmutableArray<(string Stage, string Sha256)> left, ImmutableArray<(string Stage, string Sha256)> right)
    {
        foreach ((string stage, string hash) in left)
            if (!right.Contains((stage, hash))) return stage;
        return left.Length == right.Length ? null : right.First(one => left.All(other => other.Stage != one.Stage)).Stage;
    }

    /// <summary>The member <c>sha256</c> of <c>run.json</c>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="files">SHA-256 of the other files in the run's folder, by name.</param>
    internal static JsonObject Write(RunResult run, ImmutableSortedDictionary<string, string> files)
    {
        var json = new JsonObject
        {
            ["mask"] = run.Mask.Sha256,
            ["initial"] = run.Initial.Sha256,
            ["batch-orders"] = new JsonArray([.. run.BatchOrders.Select(order => JsonValue.Create(order))]),
            ["final"] = run.Final.Sha256,
            ["best"] = run.Best.Sha256,
        };
        if (run.Scores is { } scores) (json["final-scores"], json["best-scores"]) = (scores.Final.Sha256, scores.Best.Sha256);
        json["files"] = new JsonObject([.. files.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value))]);
        return json;
    }

    /// <summary>The stages in a <c>run.json</c>.</summary>
    internal static ImmutableArray<(string Stage, string Sha256)> Read(JsonObject file)
    {
        JsonNode hashes = file["sha256"]!;
        return Named(Text(hashes["mask"]), Text(hashes["initial"]), ReadBatchOrders(file), Text(hashes["best"]), Text(hashes["final"]),
            hashes["best-scores"]?.GetValue<string>(), hashes["final-scores"]?.GetValue<string>());
    }

    /// <summary>SHA-256 of each epoch's batch order in a <c>run.json</c>.</summary>
    internal static ImmutableArray<string> ReadBatchOrders(JsonObject file) =>
        [.. file["sha256"]!["batch-orders"]!.AsArray().Select(Text)];

    /// <summary>SHA-256 of the other files in the run's folder, by name, in a <c>run.json</c>.</summary>
    internal static IEnumerable<(string File, string Sha256)> ReadFiles(JsonObject file) =>
        file["sha256"]!["files"]!.AsObject().Select(one => (one.Key, Text(one.Value)));

    /// <summary>SHA-256 of one of those files.</summary>
    internal static string HashOf(JsonObject file, string name) => Text(file["sha256"]!["files"]![name]);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static ImmutableArray<(string Stage, string Sha256)> Named(
        string mask, string initial, ImmutableArray<string> batchOrders, string best, string final, string? bestScores, string? finalScores) =>
    [
        ("mask", mask),
        ("initial weights", initial),
        .. batchOrders.Select((order, epoch) => ($"batch order of epoch {epoch + 1}", order)),
        ("best weights", best),
        ("final weights", final),
        .. bestScores is null ? Array.Empty<(string, string)>() : [("best scores", bestScores)],
        .. finalScores is null ? Array.Empty<(string, string)>() : [("final scores", finalScores)],
    ];
}
