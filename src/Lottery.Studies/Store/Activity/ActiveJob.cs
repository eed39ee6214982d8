using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>The runs that a command is to complete, for the dashboard: no result depends on it.</summary>
/// <param name="Title">What the command does, in a line.</param>
/// <param name="Study">The study's name; null for a search.</param>
/// <param name="Started">When the command started, in universal time.</param>
/// <param name="Jobs">Threads in all.</param>
/// <param name="Runs">All its runs, including those that were finished before.</param>
internal sealed record ActiveJob(
    string Title, string? Study, DateTimeOffset Started, int Jobs, ImmutableArray<PlannedRun> Runs)
{
    /// <summary>The command, as it can be given once more; null if the process did not say.</summary>
    public string? Command { get; init; }

    /// <summary>The folder in which the command was given.</summary>
    public string? Folder { get; init; }

    /// <summary>The name of its folder in the store: jobs with equal runs have the same name.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>True while a process works on it, or it is on Slurm; false if it was interrupted or failed.</summary>
    [JsonIgnore]
    public bool Running { get; init; }

    /// <summary>True while it is on Slurm, whether a process follows it or not.</summary>
    [JsonIgnore]
    public bool OnSlurm { get; init; }

    /// <summary>The active job in a folder; null where it is just beginning, or was completed.</summary>
    internal static ActiveJob? Read(StorePaths paths, string name) => Parse(paths, name)?.Now(paths);

    /// <summary>What the file of a job states; null where there is none, or where it is damaged.</summary>
    internal static ActiveJob? Parse(StorePaths paths, string name)
    {
        try
        {
            byte[] json = RegularFile.Read(Path.Combine(paths.Job(name), StorePaths.JobFile));
            return JsonSerializer.Deserialize(json, ActiveJobJson.Default.ActiveJob) is { Runs.IsDefaultOrEmpty: false, Title: not null } read && read.Runs.All(IsPossible)
                ? read with { Name = name } : null;
        }
        catch (Exception missing) when (missing is IOException or JsonException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The job with who works on it now.</summary>
    internal ActiveJob Now(StorePaths paths)
    {
        bool onSlurm = IsOnSlurm(paths, Name);
        return this with { OnSlurm = onSlurm, Running = onSlurm || paths.Claims.IsHeld(Path.Combine(paths.Job(Name), StorePaths.ClaimFile)) };
    }

    /// <summary>True for a job that Slurm has, so that nothing may be removed from its folder.</summary>
    internal static bool IsOnSlurm(StorePaths paths, string name) => File.Exists(Path.Combine(paths.Job(name), StorePaths.SlurmFile));

    private static bool IsPossible(PlannedRun? run) =>
        run is { Id: not null, Network: not null, Condition: not null } && RunIdentity.IsId(run.Id) && double.IsFinite(run.Seconds);
}

/// <summary>One run of an active job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Network">The name of the network.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Level">0 is dense.</param>
/// <param name="Condition">As in <see cref="ActiveRun"/>.</param>
/// <param name="Seconds">The estimated time on one thread.</param>
internal sealed record PlannedRun(string Id, string Network, ulong Seed, int Level, string Condition, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ActiveJob))]
internal sealed partial class ActiveJobJson : JsonSerializerContext;
