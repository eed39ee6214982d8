using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store;

/// <summary>The runs that one command planned for a study.</summary>
/// <param name="Axes">The settings that vary between its conditions, by their columns in <c>runs</c>, in the order of the study.</param>
/// <param name="Runs">The runs' ids, finished or not, each once; those of the reference come first.</param>
internal sealed record StudyPart(ImmutableArray<string> Axes, ImmutableArray<string> Runs)
{
    /// <summary>The largest difference in accuracy (0–1) that the study counts as good; null for that of the data.</summary>
    public double? Margin { get; init; }

    /// <summary>The density (0–1) at which the study is judged; null for the sparsest at which its reference is as good as level 0.</summary>
    public double? JudgeAt { get; init; }
}

/// <summary>Which runs belong to which study: one file for each study. It is not part of a run.</summary>
/// <param name="paths">The paths of the store.</param>
/// <param name="warn">Receives a sentence for a file that cannot be read and is left out.</param>
internal sealed partial class StudyLists(StorePaths paths, Action<string> warn)
{
    private const string Checksum = "checksum";

    /// <summary>The names of the studies, in ordinal order.</summary>
    public IEnumerable<string> Names => Directory.Exists(paths.Studies)
        ? StoreErrors.Guard(paths.Studies, () => Directory.GetFiles(paths.Studies, "*.json")).Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => NamePattern().IsMatch(name)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>What the commands on a study planned, the oldest first; none where it is unknown.</summary>
    public ImmutableArray<StudyPart> Read(string study)
    {
        string file = paths.Study(Checked(study));
        if (!File.Exists(file)) return [];
        try
        {
            byte[] content = StoreErrors.Guard(file, () => RegularFile.Read(file));
            JsonObject json = JsonNode.Parse(content)!.AsObject();
            // Earlier versions wrote no checksum.
            string? checksum = (string?)json[Checksum];
            json.Remove(Checksum);
            if (json.Count != 1 || (checksum is not null && checksum != CanonicalJson.Hash(json))) throw new InvalidDataException("its checksum does not agree with its content");
            return [.. json["parts"]!.AsArray().Select(part => new StudyPart(Texts(part!["axes"]!), Ids(part["runs"]!))
            {
                Margin = (double?)part["margin"], JudgeAt = (double?)part["judge_at"],
            })];
        }
        catch (Exception damaged) when (RunFile.IsMalformed(damaged))
        {
            warn($"{file} is damaged, and the study is left out; running the study again writes it.");
            return [];
        }
    }

    /// <summary>The studies of every run, in ordinal order.</summary>
    public ILookup<string, string> ByRun() =>
        Names.SelectMany(study => Read(study).SelectMany(part => part.Runs).Distinct().Select(id => (id, study)))
            .ToLookup(pair => pair.id, pair => pair.study);

    /// <summary>The studies of every run that is in one, in ordinal order; runs of the same studies have the same array.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> OfRuns()
    {
        var studies = new Dictionary<string, ImmutableArray<string>>();
        foreach (string study in Names)
        {
            var longer = new Dictionary<ImmutableArray<string>, ImmutableArray<string>>();
            ImmutableArray<string> alone = [study];
            foreach (string id in Read(study).SelectMany(part => part.Runs).Distinct())
                if (!studies.TryGetValue(id, out ImmutableArray<string> before)) studies[id] = alone;
                else studies[id] = longer.TryGetValue(before, out ImmutableArray<string> more) ? more : longer[before] = before.Add(study);
        }
        return studies;
    }

    /// <summary>
    /// Adds what a command planned to a study, and the study if it is new; the store's lock must be held. It replaces earlier
    /// parts whose runs it includes, as a command with more replicates does.
    /// </summary>
    public void Add(string study, StudyPart part)
    {
        ImmutableArray<StudyPart> before = Read(study);
        if (Includes(before, part)) return;
        Write(study, [.. before.Where(other => other.Runs.Except(part.Runs).Any()), part]);
    }

    /// <summary>True if a study has a part with the same axes, margin and density to judge at that begins with the same runs.</summary>
    public bool Has(string study, StudyPart part) => Includes(Read(study), part);

    /// <summary>Removes a study, not its runs; the store's lock must be held.</summary>
    public void Remove(string study) => StoreFolder.RemoveFile(paths.Study(Checked(study)));

    /// <summary>Removes runs from every study; the store's lock must be held.</summary>
    public void Remove(IReadOnlySet<string> ids)
    {
        foreach (string study in Names.ToList())
        {
            ImmutableArray<StudyPart> before = Read(study);
            if (before.Any(part => part.Runs.Any(ids.Contains)))
                Write(study, before.Select(part => part with { Runs = [.. part.Runs.Where(id => !ids.Contains(id))] }).Where(part => part.Runs.Length > 0));
        }
    }

    private static bool Includes(ImmutableArray<StudyPart> parts, StudyPart part) =>
        parts.Any(other => other.Margin == part.Margin && other.JudgeAt == part.JudgeAt && other.Axes.SequenceEqual(part.Axes) && other.Runs.Take(part.Runs.Length).SequenceEqual(part.Runs));

    private void Write(string study, IEnumerable<StudyPart> parts)
    {
        var json = new JsonObject
        {
            ["parts"] = new JsonArray([.. parts.Select(Json)]),
        };
        json[Checksum] = CanonicalJson.Hash(json);
        StoreDisk.CreateFolder(paths.Studies);
        DurableFile.Replace(paths.Study(study), Encoding.UTF8.GetBytes(json.ToJsonString() + "\n"));
    }

    private static JsonObject Json(StudyPart part)
    {
        JsonObject json = new() { ["axes"] = Array(part.Axes), ["runs"] = Array(part.Runs) };
        if (part.Margin is { } margin) json["margin"] = margin;
        if (part.JudgeAt is { } density) json["judge_at"] = density;
        return json;
    }

    private static JsonArray Array(ImmutableArray<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static ImmutableArray<string> Texts(JsonNode json) => [.. json.AsArray().Select(text => text!.GetValue<string>())];

    private static ImmutableArray<string> Ids(JsonNode json) => [.. Texts(json).Where(RunIdentity.IsId).Distinct()];

    /// <summary>The name, if it is a valid one.</summary>
    internal static string Checked(string study) => NamePattern().IsMatch(study)
        ? study
        : throw new UserException(
            $"'{study}' cannot name a study; use lower-case letters, digits, dots and hyphens (abc-1).");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{0,99}\z")]
    private static partial Regex NamePattern();
}
