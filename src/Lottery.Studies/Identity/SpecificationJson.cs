using System.Text.Json.Nodes;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Specifications;
using static Lottery.Studies.Identity.CanonicalJson;

namespace Lottery.Studies.Identity;

/// <summary>A run's specification as JSON, there and back; a new field goes into both, and into a new format.</summary>
internal static class SpecificationJson
{
    /// <summary>
    /// The newest format. It rises whenever a field is added or changes its meaning, and a specification is of the oldest
    /// format that can state it, so that its id stays: 2 has <c>mask</c> and <c>threshold</c>, 3 has <c>weights</c>.
    /// </summary>
    public const int Newest = 3;

    public static JsonObject Write(RunSpecification run, string? parent)
    {
        var json = new JsonObject
        {
            ["format"] = run.Weights is not null ? 3 : run.Given is not null || run.Prune?.Threshold is not null ? 2 : 1,
            ["network"] = run.Network.Description,
            ["data"] = Write(run.Data),
            ["seed"] = run.Seed,
            ["training"] = TrainingJson.Write(run.Training),
            ["level"] = run.Level,
            ["control"] = KebabCase.Of(run.Control),
            ["kernels"] = Kernels(run),
        };
        if (parent is not null) json["parent"] = parent;
        if (run.Prune is { } prune) json["prune"] = Write(prune);
        if (run.Given is { } mask) json["mask"] = Write(mask);
        if (run.Weights is { } weights) json["weights"] = Write(weights);
        if (run.Supermask is { } supermask) json["supermask"] = Write(supermask);
        return json;
    }

    /// <summary>The specification that <paramref name="json"/> states.</summary>
    /// <param name="json">What <see cref="Write(RunSpecification, string?)"/> wrote.</param>
    /// <param name="network">What the network is called.</param>
    /// <param name="parent">Finds the parent by its id.</param>
    /// <exception cref="FormatException">A value is impossible.</exception>
    public static RunSpecification Read(JsonNode json, string network, Func<string, RunSpecification> parent) => new()
    {
        Network = NetworkReader.Read(json["network"]!.GetValue<string>(), network),
        Data = ReadData(json["data"]!),
        Seed = json["seed"]!.GetValue<ulong>(),
        Training = TrainingJson.Read(json["training"]!),
        Level = json["level"]!.GetValue<int>(),
        Control = KebabCase.Parse<Control>(json["control"]!.GetValue<string>()),
        Parent = json["parent"] is { } id ? parent(id.GetValue<string>()) : null,
        Prune = json["prune"] is { } prune ? ReadPrune(prune) : null,
        Given = json["mask"] is { } mask ? ReadMask(mask) : null,
        Weights = json["weights"] is { } weights
            ? new(weights["initial"]?.GetValue<string>(), weights["final"]?.GetValue<string>()) : null,
        Supermask = json["supermask"] is { } supermask ? ReadSupermask(supermask) : null,
    };

    /// <summary>Augmentation came later, so that it is there only where it is used: ids from before still name their runs.</summary>
    private static JsonObject Write(DataSpecification data)
    {
        var json = new JsonObject
        {
            ["sha256"] = data.Sha256,
            ["validation"] = data.Validation,
            ["split-seed"] = data.SplitSeed,
            ["scale"] = KebabCase.Of(data.Scale),
        };
        if (data.Augment != Augmentation.None) json["augment"] = new JsonArray([.. data.Augment.Names().Select(name => JsonValue.Create(name))]);
        return json;
    }

    private static DataSpecification ReadData(JsonNode data) => new()
    {
        Sha256 = data["sha256"]!.GetValue<string>(),
        Validation = data["validation"]!.GetValue<int>(),
        SplitSeed = data["split-seed"]!.GetValue<ulong>(),
        Scale = KebabCase.Parse<Scaling>(data["scale"]!.GetValue<string>()),
        Augment = Augmentations.Parse((data["augment"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())),
    };

    private static JsonObject Write(GivenMask mask) => new()
    {
        ["sha256"] = mask.Sha256,
        ["mask1"] = mask.Start.Mask1,
        ["mask0"] = mask.Start.Mask0,
        ["rewind-to"] = mask.Start.RewindTo,
    };

    private static GivenMask ReadMask(JsonNode mask) => new(mask["sha256"]!.GetValue<string>(), new(
        mask["mask1"]!.GetValue<string>(), mask["mask0"]!.GetValue<string>(), mask["rewind-to"]!.GetValue<int>()));

    /// <summary>What nobody knows, or what is not given, is not there.</summary>
    private static JsonObject Write(GivenWeights weights)
    {
        var json = new JsonObject();
        if (weights.Initial is { } initial) json["initial"] = initial;
        if (weights.Final is { } final) json["final"] = final;
        return json;
    }

    private static JsonObject Write(PruneSpecification prune)
    {
        JsonObject json = new()
        {
            ["criterion"] = prune.Criterion,
            ["mask1"] = prune.Mask1,
            ["mask0"] = prune.Mask0,
            ["schedule"] = KebabCase.Of(prune.Schedule),
            ["rewind-to"] = prune.RewindTo,
        };
        if (prune.Threshold is { } threshold)
        {
            // Rates and scope say how many go, which is the threshold's business here.
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
        Mask1 = prune["mask1"]!.GetValue<string>(),
        Mask0 = prune["mask0"]!.GetValue<string>(),
        Threshold = prune["threshold"]?.GetValue<double>(),
        Rates = prune["threshold"] is not null ? PruneRates.None : new(
            prune["rates"]!["conv"]!.GetValue<decimal>(),
            prune["rates"]!["fc"]!.GetValue<decimal>(),
            prune["rates"]!["output"]!.GetValue<decimal>()),
        Scope = prune["threshold"] is not null ? PruneScope.Layer
            : KebabCase.Parse<PruneScope>(prune["scope"]!.GetValue<string>()),
        Schedule = KebabCase.Parse<PruneSchedule>(prune["schedule"]!.GetValue<string>()),
        RewindTo = prune["rewind-to"]!.GetValue<int>(),
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

    private static JsonObject Kernels(RunSpecification run)
    {
        var versions = new JsonObject();
        foreach ((string family, int version) in KernelVersions.Of(run.Network)) versions[family] = version;
        if (run.Supermask is not null) versions["supermask"] = KernelVersions.All["supermask"];
        return versions;
    }
}
