using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Files;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Slurm;

/// <summary>A study on Slurm: what another process has to know to follow, mend or cancel it. It lies in the job's folder in the store.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Token">What marks its jobs in Slurm's queue.</param>
/// <param name="User">The user who submitted it.</param>
/// <param name="Folder">The folder in which it was given.</param>
/// <param name="Started">When it was given, in universal time.</param>
/// <param name="Overrides">What was given besides the study's file.</param>
/// <param name="Settings">How it is spread; what only the site's file states is not in it.</param>
/// <param name="Arrays">What was submitted, or is about to be, the first first.</param>
internal sealed record SlurmState(
    string Study, string Token, string User, string Folder, DateTimeOffset Started, StudyOverrides Overrides, SlurmSettings Settings, ImmutableArray<SlurmArray> Arrays)
{
    /// <summary>All tasks.</summary>
    [JsonIgnore]
    public IEnumerable<(SlurmArray Array, SlurmArrayTask Task)> Tasks => Arrays.SelectMany(array => array.Tasks.Select(task => (array, task)));

    /// <summary>The numbers of all jobs that were submitted.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<long> Jobs => [.. Arrays.Select(array => array.Job).OfType<long>()];

    /// <summary>The state in a job's folder; null where there is none or it is damaged.</summary>
    public static SlurmState? Read(SlurmJobPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.Read(paths.State), SlurmJson.Default.SlurmState) is
            {
                Study: not null, Token: not null, User: not null, Folder: not null, Overrides.Set.IsDefault: false, Settings: not null, Arrays.IsDefaultOrEmpty: false,
            } state && state.Arrays.Select(IsPossible).All(possible => possible) ? state : null;
        }
        catch (Exception missing) when (missing is IOException or JsonException or NotSupportedException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Writes the state; afterwards the file has the old one or this.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Write(SlurmJobPaths paths) => StoreErrors.Guard(paths.State, () =>
        DurableFile.Replace(paths.State, JsonSerializer.SerializeToUtf8Bytes(this, SlurmJson.Default.SlurmState)));

    private static bool IsPossible(SlurmArray? array, int place) => array is { Tasks.IsDefaultOrEmpty: false } && array.Number == place && array.After is null or >= 0 && !(array.After >= place)
        && array.Tasks.All(task => task is { Index: >= 0, Runs.IsDefaultOrEmpty: false });
}

/// <summary>The runs of one task, for its worker.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Runs">The runs' ids, each after the one that it comes from.</param>
internal sealed record SlurmTaskFile(string Study, ImmutableArray<string> Runs)
{
    private const long MostBytes = 1 << 24;

    /// <summary>Reads a task's file.</summary>
    /// <exception cref="UserException">There is none, or it is something else.</exception>
    public static SlurmTaskFile Read(string path)
    {
        string why = "it has no runs";
        try
        {
            if (JsonSerializer.Deserialize(RegularFile.Read(path, MostBytes), SlurmJson.Default.SlurmTaskFile) is { Study: not null, Runs.IsDefaultOrEmpty: false } read
                && read.Runs.All(id => id is not null && Identity.RunIdentity.IsId(id))) return read;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException or InvalidDataException)
        {
            why = unreadable is JsonException ? "it is no JSON of that kind" : unreadable.Message.TrimEnd('.');
        }
        throw new UserException($"{path} is no file of a task on Slurm: {why}; `lottery study attach` writes tasks anew.");
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path) => DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, SlurmJson.Default.SlurmTaskFile));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(SlurmState))]
[JsonSerializable(typeof(SlurmTaskFile))]
internal sealed partial class SlurmJson : JsonSerializerContext;
