using System.Text.Json.Nodes;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Specifications;
using static Lottery.Studies.Identity.CanonicalJson;

namespace Lottery.Studies.Identity;

/// <summary>A run's specification as JSON, there and back; a new field goes into both, and into a new format.</summary>
internal static class SpecificationJson
{
    /// <summary>Rises whenever a field is added or changes its meaning; ids of another format are other runs.</summary>
    public const int Format = 1;

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
            ["kernels"] = Kernels(run.Network),
        };
        if (parent is not null) json["parent"] = parent;
        if (run.Prune is { } prune) json["prune"] = Write(prune);
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
    };

    private static JsonObject Write(DataSpecification data) => new()
    {
        ["sha256"] = data.Sha256,
        ["validation"] = data.Validation,
        ["split-seed"] = data.SplitSeed,
        ["scale"] = KebabCase.Of(data.Scale),
    };

    private static DataSpecification ReadData(JsonNode data) => new()
    {
        Sha256 = data["sha256"]!.GetValue<string>(),
        Validation = data["validation"]!.GetValue<int>(),
        SplitSeed = data["split-seed"]!.GetValue<ulong>(),
        Scale = KebabCase.Parse<Scaling>(data["scale"]!.GetValue<string>()),
    };

    private static JsonObject Write(PruneSpecification prune) => new()
    {
        ["criterion"] = prune.Criterion,
        ["mask1"] = prune.Mask1,
        ["mask0"] = prune.Mask0,
        ["rates"] = new JsonObject
        {
            ["conv"] = Number(prune.Rates.Conv),
            ["fc"] = Number(prune.Rates.Fc),
            ["output"] = Number(prune.Rates.Output),
        },
        ["scope"] = KebabCase.Of(prune.Scope),
        ["schedule"] = KebabCase.Of(prune.Schedule),
        ["rewind-to"] = prune.RewindTo,
    };

    private static PruneSpecification ReadPrune(JsonNode prune) => new()
    {
        Criterion = prune["criterion"]!.GetValue<string>(),
        Mask1 = prune["mask1"]!.GetValue<string>(),
        Mask0 = prune["mask0"]!.GetValue<string>(),
        Rates = new(
            prune["rates"]!["conv"]!.GetValue<decimal>(),
            prune["rates"]!["fc"]!.GetValue<decimal>(),
            prune["rates"]!["output"]!.GetValue<decimal>()),
        Scope = KebabCase.Parse<PruneScope>(prune["scope"]!.GetValue<string>()),
        Schedule = KebabCase.Parse<PruneSchedule>(prune["schedule"]!.GetValue<string>()),
        RewindTo = prune["rewind-to"]!.GetValue<int>(),
    };

    private static JsonObject Kernels(Network network)
    {
        var versions = new JsonObject();
        foreach ((string family, int version) in KernelVersions.Of(network)) versions[family] = version;
        return versions;
    }
}
