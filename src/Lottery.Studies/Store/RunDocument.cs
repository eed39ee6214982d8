using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>What <c>run.json</c> says of a finished run: specification, results, hashes, how it came about.</summary>
public sealed record RunDocument
{
    /// <summary>The format of <c>run.json</c>; the specification in it has its own.</summary>
    public const int Format = 1;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>What the network is called; no part of the identity.</summary>
    public required string Network { get; init; }

    /// <summary>What the data are called; no part of the identity.</summary>
    public required string Data { get; init; }

    /// <summary>The run that the mask was cut from (for a control: that its ticket's was); null at level 0.</summary>
    public required string? Parent { get; init; }

    /// <summary>For a control, the ticket that it is compared with.</summary>
    public required string? Ticket { get; init; }

    /// <summary>The specification, as the id hashes it.</summary>
    public required JsonNode Specification { get; init; }

    /// <summary>Counts, accuracies, times.</summary>
    public required RunMetrics Metrics { get; init; }

    /// <summary>SHA-256 of each stage and of each file.</summary>
    public required RunHashes Hashes { get; init; }

    /// <summary>When and where it was trained.</summary>
    public required RunOrigin Origin { get; init; }

    /// <summary>The bytes of <c>run.json</c>.</summary>
    public byte[] Write()
    {
        JsonObject json = new()
        {
            ["format"] = Format,
            ["id"] = Id,
            ["network"] = Network,
            ["data"] = Data,
            ["parent"] = Parent,
            ["ticket"] = Ticket,
            ["specification"] = Specification.DeepClone(),
            ["results"] = Metrics.Write(),
            ["sha256"] = Hashes.Write(),
            ["origin"] = Origin.Write(),
        };
        json["seal"] = CanonicalJson.Hash(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n");
    }

    /// <summary>Reads <c>run.json</c>.</summary>
    /// <exception cref="UserException">It is missing, damaged, or of a newer format.</exception>
    public static RunDocument Read(string path)
    {
        byte[] bytes = StoreErrors.Guard(path, () => File.ReadAllBytes(path));
        try
        {
            return Parse(path, JsonNode.Parse(bytes)!.AsObject());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException
            or NullReferenceException or ArgumentException)
        {
            string what = wrong is FormatException ? wrong.Message : "it does not describe a run";
            throw StoreErrors.Damaged(path, what, wrong);
        }
    }

    /// <summary>The specification, with those of its ancestors, which <paramref name="parent"/> finds by id.</summary>
    /// <exception cref="FormatException">It speaks of something that this version does not know.</exception>
    public RunSpecification ReadSpecification(Func<string, RunSpecification> parent) =>
        SpecificationJson.Read(Specification, Network, parent);

    /// <summary>The document of <paramref name="result"/>.</summary>
    internal static RunDocument Of(
        RunResult result, string data, ImmutableSortedDictionary<string, string> files, RunOrigin origin)
    {
        RunSpecification run = result.Specification;
        string? Id(RunSpecification? run) => run is null ? null : RunIdentity.Of(run);
        bool control = run.Control != Control.None;
        return new()
        {
            Id = RunIdentity.Of(run),
            Network = run.Network.Name,
            Data = data,
            Parent = Id(control ? run.Parent?.Parent : run.Parent),
            Ticket = control ? Id(run.Parent) : null,
            Specification = RunIdentity.Describe(run),
            Metrics = RunMetrics.Of(result),
            Hashes = RunHashes.Of(result, files),
            Origin = origin,
        };
    }

    private static RunDocument Parse(string path, JsonObject json)
    {
        RequireFormat(path, json, Format, Format);
        string seal = json["seal"]!.GetValue<string>();
        json.Remove("seal");
        if (CanonicalJson.Hash(json) != seal) throw new FormatException("its seal does not agree with its content");
        RequireFormat(path, json["specification"]!, SpecificationJson.Format, SpecificationJson.Format);
        return new()
        {
            Id = json["id"]!.GetValue<string>(),
            Network = json["network"]!.GetValue<string>(),
            Data = json["data"]!.GetValue<string>(),
            Parent = json["parent"]?.GetValue<string>(),
            Ticket = json["ticket"]?.GetValue<string>(),
            Specification = json["specification"]!.DeepClone(),
            Metrics = RunMetrics.Read(json["results"]!),
            Hashes = RunHashes.Read(json["sha256"]!),
            Origin = RunOrigin.Read(json["origin"]!),
        };
    }

    private static void RequireFormat(string path, JsonNode json, int oldest, int newest)
    {
        int format = json["format"]!.GetValue<int>();
        if (format < oldest || format > newest)
            throw new UserException(
                $"{path} is of format {format}, and this version of lottery reads format {newest}; update lottery.");
    }
}
