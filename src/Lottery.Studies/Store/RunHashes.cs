using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Search;

namespace Lottery.Studies.Store;

/// <summary>SHA-256 of every stage of a run, in lower-case hexadecimal: where two runs part, these do.</summary>
public sealed record RunHashes
{
    /// <summary>Of the mask (see <see cref="Networks.Mask.Sha256"/>).</summary>
    public required string Mask { get; init; }

    /// <summary>Of the weights at the first step.</summary>
    public required string Initial { get; init; }

    /// <summary>Of each epoch's batch order.</summary>
    public required ImmutableArray<string> BatchOrders { get; init; }

    /// <summary>Of the weights after the last step.</summary>
    public required string Final { get; init; }

    /// <summary>Of the weights at the early-stopping step.</summary>
    public required string Best { get; init; }

    /// <summary>Of the other files in the run's folder, by name.</summary>
    public required ImmutableSortedDictionary<string, string> Files { get; init; }

    internal static RunHashes Of(RunResult result, ImmutableSortedDictionary<string, string> files) => new()
    {
        Mask = result.Mask.Sha256,
        Initial = result.Initial.Sha256,
        BatchOrders = result.BatchOrders,
        Final = result.Final.Sha256,
        Best = result.Best.Sha256,
        Files = files,
    };

    internal JsonObject Write()
    {
        var files = new JsonObject();
        foreach ((string name, string hash) in Files) files[name] = hash;
        return new()
        {
            ["mask"] = Mask,
            ["initial"] = Initial,
            ["batch-orders"] = new JsonArray([.. BatchOrders.Select(order => JsonValue.Create(order))]),
            ["final"] = Final,
            ["best"] = Best,
            ["files"] = files,
        };
    }

    internal static RunHashes Read(JsonNode json) => new()
    {
        Mask = json["mask"]!.GetValue<string>(),
        Initial = json["initial"]!.GetValue<string>(),
        BatchOrders = [.. json["batch-orders"]!.AsArray().Select(order => order!.GetValue<string>())],
        Final = json["final"]!.GetValue<string>(),
        Best = json["best"]!.GetValue<string>(),
        Files = json["files"]!.AsObject().ToImmutableSortedDictionary(
            file => file.Key, file => file.Value!.GetValue<string>(), StringComparer.Ordinal),
    };
}
