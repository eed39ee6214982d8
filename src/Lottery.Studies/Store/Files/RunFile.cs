using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lottery.Masks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// <c>run.json</c>, what is known of a finished run: id, names, the specification that the id hashes, metrics
/// (<c>results</c>), SHA-256 of each stage and file, where it was trained (<c>origin</c>), and a checksum of all that.
/// </summary>
internal static class RunFile
{
    private const string Format = "format", Hashes = "sha256", Checksum = "checksum";

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The bytes of the file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hashes">SHA-256 of its stages and files, as <see cref="Maintenance.RunStages"/> writes them.</param>
    public static byte[] Write(RunSummary run, JsonObject hashes)
    {
        JsonObject json = Content(run);
        json.Insert(0, Format, RunStore.Format);
        json[Hashes] = hashes;
        json[Checksum] = CanonicalJson.Hash(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString(s_indented) + "\n");
    }

    /// <summary>Reads the file and checks its format, its checksum, and that it states the run that its folder is named after.</summary>
    /// <exception cref="UserException">It is missing, damaged, or of another format.</exception>
    public static JsonObject Read(string path)
    {
        JsonObject file = Guard(path, () =>
        {
            JsonObject json = JsonNode.Parse(RegularFile.ReadOfRun(path, RegularFile.MostOfDocument))!.AsObject();
            RequireFormat(path, json, RunStore.Format);
            string checksum = json[Checksum]!.GetValue<string>();
            json.Remove(Checksum);
            if (CanonicalJson.Hash(json) != checksum) throw new FormatException("its checksum does not agree with its content");
            json[Checksum] = checksum;
            RequireFormat(path, json["specification"]!, SpecificationJson.Format);
            return json;
        });
        try
        {
            RunDocument.Require(file, Path.GetFileName(Path.GetDirectoryName(path))!);
            return file;
        }
        // Its checksum agrees, so this is what was written: by a version that knows more, or by no version.
        catch (Exception unknown) when (IsMalformed(unknown))
        {
            throw StoreErrors.Unknown(path, Clause(unknown), unknown);
        }
    }

    /// <summary>
    /// The ids that a file names as those that its run comes from, whatever else is wrong with it; none where nothing can be read.
    /// </summary>
    public static IEnumerable<string> ReadAncestors(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(RegularFile.Read(path));
            JsonElement file = json.RootElement;
            return
            [
                .. new[] { Member(file, "parent"), Member(file, "ticket"), Member(Member(file, "specification"), "parent") }
                    .Where(member => member.ValueKind == JsonValueKind.String).Select(member => member.GetString()!).Where(RunIdentity.IsId).Distinct(),
            ];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException || IsMalformed(unreadable))
        {
            return [];
        }

        static JsonElement Member(JsonElement json, string name) =>
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement member) ? member : default;
    }

    /// <summary>The run in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parent">Gives the specification of a run by its id.</param>
    /// <exception cref="UserException">The file is missing, damaged, or of another format.</exception>
    public static RunSummary ReadSummary(string path, Func<string, RunSpecification> parent)
    {
        return Summary(Read(path), parent);
    }

    /// <inheritdoc cref="Summary(JsonElement, Func{string, RunSpecification})"/>
    public static RunSummary Summary(JsonObject file, Func<string, RunSpecification> parent)
    {
        using var content = JsonDocument.Parse(file.ToJsonString());
        return Summary(content.RootElement, parent);
    }

    /// <summary>The metrics in a file that was read.</summary>
    /// <exception cref="UserException">They are incomplete.</exception>
    public static (TrainingMetrics Training, PruningMetrics Pruning) ReadMetrics(string path, JsonObject file) => Guard(path, () =>
        (file["results"].Deserialize(RunMetricsJson.Default.TrainingMetrics)!, file["results"].Deserialize(RunMetricsJson.Default.PruningMetrics)!));

    /// <summary>The run that a file states.</summary>
    /// <exception cref="Exception">One of <see cref="IsMalformed"/>: it states none.</exception>
    public static RunSummary Summary(JsonElement json, Func<string, RunSpecification> parent)
    {
        JsonElement results = json.GetProperty("results"), origin = json.GetProperty("origin");
        var specification = JsonObject.Create(json.GetProperty("specification"))!;
        return new()
        {
            Id = json.GetProperty("id").GetString()!,
            Specification = SpecificationJson.Read(specification, json.GetProperty("network").GetString()!, parent),
            Parent = json.GetProperty("parent").GetString(),
            Ticket = json.GetProperty("ticket").GetString(),
            Data = json.GetProperty("data").GetString()!,
            Weights = results.GetProperty("weights").GetInt32(),
            Kept = results.GetProperty("kept").GetInt32(),
            Metrics = results.Deserialize(RunMetricsJson.Default.TrainingMetrics)!,
            Pruning = results.Deserialize(RunMetricsJson.Default.PruningMetrics)!,
            Kernels = RunSummary.KernelsOf(specification),
            Started = ReadTime(origin.GetProperty("started").GetString()!),
            Ended = ReadTime(origin.GetProperty("ended").GetString()!),
            Version = origin.GetProperty("lottery").GetString()!,
            Dotnet = origin.GetProperty("dotnet").GetString()!,
            Processor = origin.GetProperty("processor").GetString()!,
        };
    }

    /// <summary>True for what the reading of JSON throws that does not state what it should.</summary>
    public static bool IsMalformed(Exception exception) => exception is JsonException or InvalidOperationException
        or FormatException or NullReferenceException or ArgumentException or KeyNotFoundException or InvalidDataException or OverflowException;

    /// <summary>A moment as JSON states it, to the millisecond.</summary>
    public static string WriteTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="WriteTime"/>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset ReadTime(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static JsonObject Content(RunSummary run) => new()
    {
        ["id"] = run.Id,
        ["network"] = run.Network,
        ["data"] = run.Data,
        ["parent"] = run.Parent,
        ["ticket"] = run.Ticket,
        ["specification"] = RunIdentity.Describe(run.Specification),
        ["results"] = Results(run),
        ["origin"] = new JsonObject
        {
            ["started"] = WriteTime(run.Started),
            ["ended"] = WriteTime(run.Ended),
            ["lottery"] = run.Version,
            ["dotnet"] = run.Dotnet,
            ["processor"] = run.Processor,
        },
    };

    /// <summary>All metrics side by side, each under its own name.</summary>
    private static JsonObject Results(RunSummary run)
    {
        JsonObject json = new() { ["weights"] = run.Weights, ["kept"] = run.Kept };
        JsonNode?[] parts =
        [
            JsonSerializer.SerializeToNode(run.Metrics, RunMetricsJson.Default.TrainingMetrics),
            JsonSerializer.SerializeToNode(run.Pruning, RunMetricsJson.Default.PruningMetrics),
        ];
        foreach ((string name, JsonNode? value) in parts.SelectMany(part => part!.AsObject())) json[name] = value?.DeepClone();
        return json;
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (IsMalformed(wrong))
        {
            throw StoreErrors.Damaged(path, Clause(wrong), wrong);
        }
    }

    private static string Clause(Exception wrong) => wrong is FormatException or InvalidDataException ? wrong.Message : "it does not describe a run";

    private static void RequireFormat(string path, JsonNode json, int known)
    {
        int format = json[Format]!.GetValue<int>();
        if (format != known) throw StoreErrors.OtherFormat(path, format, known);
    }
}

/// <summary>Metrics as JSON, named as in <c>early-stop-step</c>; what a run does not have is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MetricConverter)])]
[JsonSerializable(typeof(TrainingMetrics))]
[JsonSerializable(typeof(PruningMetrics))]
internal sealed partial class RunMetricsJson : JsonSerializerContext;
