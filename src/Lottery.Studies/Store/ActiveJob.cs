using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lottery.Studies.Store;

/// <summary>The runs that a command has set out to complete, for whoever watches: no result depends on it.</summary>
/// <param name="Title">What is done, in a line.</param>
/// <param name="Study">The study's name; null for a search.</param>
/// <param name="Started">When the command started, in universal time.</param>
/// <param name="Jobs">Threads in all.</param>
/// <param name="Runs">All its runs, those that were finished before included.</param>
public sealed record ActiveJob(
    string Title, string? Study, DateTimeOffset Started, int Jobs, ImmutableArray<ActiveJobRun> Runs)
{
    /// <summary>What it is called in the store: equal runs have one name.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>True while a process works on it; false where it was interrupted, or ended with a failure.</summary>
    [JsonIgnore]
    public bool Running { get; init; }

    /// <summary>The active job in a folder; null where it is just beginning, or gone.</summary>
    internal static ActiveJob? Read(StorePaths paths, string name)
    {
        try
        {
            byte[] json = File.ReadAllBytes(Path.Combine(paths.ActiveJob(name), StorePaths.ActiveJobFile));
            return JsonSerializer.Deserialize(json, ActiveJobJson.Default.ActiveJob) is { Runs.IsDefault: false } read
                ? read with { Name = name, Running = FileLock.IsHeld(Path.Combine(paths.ActiveJob(name), StorePaths.ClaimFile)) }
                : null;
        }
        catch (Exception gone) when (gone is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>One run of an active job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Network">What the network is called.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Level">0 is dense.</param>
/// <param name="Treatment">What is done to the weights, control included; empty at level 0.</param>
/// <param name="Seconds">What it takes on one thread, by rule of thumb.</param>
public sealed record ActiveJobRun(string Id, string Network, ulong Seed, int Level, string Treatment, double Seconds);

/// <summary>ActiveJobs as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ActiveJob))]
internal sealed partial class ActiveJobJson : JsonSerializerContext;
