using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Specifications;
using static Lottery.Studies.Identity.CanonicalJson;

namespace Lottery.Studies.Identity;

/// <summary>A run's specification as JSON, in both directions. A new field goes into both and raises <see cref="Format"/>.</summary>
internal static class SpecificationJson
{
    /// <summary>The format's version: part of every id.</summary>
    public const int Format = 5;

    /// <summary>Networks that were read, by description and name: a store has many runs of few networks.</summary>
    private static readonly ConcurrentDictionary<(string Description, string Name), Network> s_networks = [];

    public static JsonObject Write(RunSpecification run, string? parent)
    {
        var json = new JsonObject
        {
            ["format"] = Format,
            ["network"] = run.Network.Description,
            ["data"] = Write(run.Data),
            ["seed"] = run.Seed,
            ["training"] = TrainingJson.Write(run.Training),
            ["level"] = run.Level,
            ["control"] = KebabCase.Of(run.Control),
            ["draw"] = run.Draw,
            ["kernels"] = Kernels(run),
        };
        if (parent is not null) json["parent"] = parent;
        if (run.Transfer is { } transfer) json["transfer"] = KebabCase.Of(transfer);
        if (run.Start is { } start) json["start"] = Write(start);
        if (run.Prune is { } prune) json["prune"] = Write(prune);
        if (run.Actions is { } actions) json["actions"] = Write(actions);
        if (run.Supermask is { } supermask) json["supermask"] = Write(supermask);
        return json;
    }

    /// <summary>The specification that <paramref name="json"/> states.</summary>
    /// <param name="json">What <see cref="Write(RunSpecification, string?)"/> wrote.</param>
    /// <param name="network">The name of the network.</param>
    /// <param name="parent">Finds the parent by its id.</param>
    /// <exception cref="FormatException">A value is impossible.</exception>
    public static RunSpecification Read(JsonNode json, string network, Func<string, RunSpecification> parent) => new()
    {
        Network = s_networks.GetOrAdd((Text(json, "network")!, network), static key => NetworkReader.Read(key.Description, key.Name)),
        Data = ReadData(json["data"]!),
        Seed = json["seed"]!.GetValue<ulong>(),
        Training = TrainingJson.Read(json["training"]!),
        Level = json["level"]!.GetValue<int>(),
        Control = KebabCase.Parse<Control>(json["control"]!.GetValue<string>()),
        Draw = json["draw"]!.GetValue<int>(),
        Parent = json["parent"] is { } id ? parent(id.GetValue<string>()) : null,
        Start = json["start"] is { } start ? new(Text(start, "mask"), Text(start, "initial"), Text(start, "pretrained")) : null,
        Transfer = Text(json, "transfer") is { } transfer ? KebabCase.Parse<TransferredWeights>(transfer) : null,
        Prune = json["prune"] is { } prune ? ReadPrune(prune) : null,
        Actions = json["actions"] is { } actions
            ? new(Text(actions, "mask1")!, Text(actions, "mask0")!, actions["rewind-to"]!.GetValue<int>()) : null,
        Supermask = json["supermask"] is { } supermask ? ReadSupermask(supermask) : null,
    };

    private static JsonObject Write(DataSpecification data)
    {
        JsonObject json = new()
        {
            ["sha256"] = data.Sha256,
            ["validation"] = data.Validation,
            ["scale"] = KebabCase.Of(data.Scale),
            ["augment"] = new JsonArray([.. data.Augment.Names().Select(name => JsonValue.Create(name))]),
        };
        if (data.SplitSeed is { } seed) json["split-seed"] = seed;
        return json;
    }

    private static DataSpecification ReadData(JsonNode data) => new()
    {
        Sha256 = data["sha256"]!.GetValue<string>(),
        Validation = data["validation"]!.GetValue<int>(),
        SplitSeed = data["split-seed"]?.GetValue<ulong>(),
        Scale = KebabCase.Parse<Scaling>(data["scale"]!.GetValue<string>()),
        Augment = Augmentations.Parse(data["augment"]!.AsArray().Select(name => name!.GetValue<string>())),
    };

    private static JsonObject Write(StartSpecification start)
    {
        var json = new JsonObject();
        if (start.Mask is { } mask) json["mask"] = mask;
        if (start.Initial is { } initial) json["initial"] = initial;
        if (start.Pretrained is { } pretrained) json["pretrained"] = pretrained;
        return json;
    }

    private static JsonObject Write(ActionSpecification actions) => new()
    {
        ["mask1"] = actions.Mask1,
        ["mask0"] = actions.Mask0,
        ["rewind-to"] = actions.RewindTo,
    };

    /// <summary>Rates and scope do not count, and are left out, where there is a threshold.</summary>
    private static JsonObject Write(PruneSpecification prune)
    {
        JsonObject json = new()
        {
            ["criterion"] = prune.Criterion,
            ["schedule"] = KebabCase.Of(prune.Schedule),
        };
        if (prune.Threshold is { } threshold)
        {
            json["threshold"] = Number(threshold);
            return json;
        }
        json["rates"] = new JsonObject
        {
            ["conv"] = Number(prune.Rates.Conv),
            ["fc"] = Number(prune.Rates.Fc),
            ["output"] = Number(prune.Rates.Output),
        };
        json["scope"] = KebabCase.Of(prune.Scope);
        return json;
    }

    private static PruneSpecification ReadPrune(JsonNode prune) => new()
    {
        Criterion = prune["criterion"]!.GetValue<string>(),
        Threshold = prune["threshold"]?.GetValue<double>(),
        Rates = prune["threshold"] is not null ? PruneRates.None : new(
            prune["rates"]!["conv"]!.GetValue<decimal>(),
            prune["rates"]!["fc"]!.GetValue<decimal>(),
            prune["rates"]!["output"]!.GetValue<decimal>()),
        Scope = prune["threshold"] is not null ? PruneScope.Layer
            : KebabCase.Parse<PruneScope>(prune["scope"]!.GetValue<string>()),
        Schedule = KebabCase.Parse<PruneSchedule>(prune["schedule"]!.GetValue<string>()),
    };

    private static JsonObject Write(SupermaskSpecification supermask) => new()
    {
        ["weights"] = KebabCase.Of(supermask.Weights),
        ["rescale"] = supermask.Rescale,
    };

    private static SupermaskSpecification ReadSupermask(JsonNode supermask) => new()
    {
        Weights = KebabCase.Parse<SupermaskWeights>(supermask["weights"]!.GetValue<string>()),
        Rescale = supermask["rescale"]!.GetValue<bool>(),
    };

    private static string? Text(JsonNode json, string key) => json[key]?.GetValue<string>();

    private static JsonObject Kernels(RunSpecification run)
    {
        var versions = new JsonObject();
        foreach ((string family, int version) in KernelVersions.Of(run.Network)) versions[family] = version;
        if (run.Supermask is not null) versions["supermask"] = KernelVersions.All["supermask"];
        return versions;
    }
}
