using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>Why a run was not completed: it failed, or was skipped because a run that it comes from did. It holds until the next attempt.</summary>
/// <param name="Reason">The error message; null while another attempt goes on, and after one that was interrupted.</param>
/// <param name="At">When it failed, in universal time.</param>
internal sealed record RunFailure(string? Reason, DateTimeOffset At)
{
    /// <summary>How many attempts failed so far; 0 for a run that was only skipped.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The id of the run that failed, so that this one was not begun; null for a run that failed itself.</summary>
    public string? Cause { get; init; }

    /// <summary>True if it was not begun, because a run that it comes from failed.</summary>
    [JsonIgnore]
    public bool IsSkipped => Cause is not null;

    /// <summary>Records that a run failed, or was skipped, unless it is finished or another process works on it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="reason">The error message.</param>
    /// <param name="cause">The id of the run that failed where it was skipped; else null.</param>
    internal static void Record(RunStore store, RunSpecification run, string reason, string? cause)
    {
        StorePaths paths = store.Paths;
        string id = RunIdentity.Of(run), file = Path.Combine(paths.ActiveRun(id), StorePaths.RunFile);
        store.Create();
        if (Directory.Exists(paths.Run(id))) return;
        StoreDisk.CreateFolder(paths.ActiveRun(id));
        using Claim? claim = paths.Claims.TryTake(paths.Claim(id));
        if (claim is null) return;
        // A run that was skipped, or that failed before it was claimed, has no folder yet.
        if (!File.Exists(file)) DurableFile.ReplaceUnflushed(file, ActiveRunFolder.Describe(store, run, id, DateTimeOffset.UtcNow));
        int before = ReadAny(paths.Failure(id))?.Attempts ?? 0;
        Write(paths.Failure(id), new(reason, DateTimeOffset.UtcNow) { Attempts = before + (cause is null ? 1 : 0), Cause = cause });
    }

    /// <summary>Another attempt begins: the reason no longer holds, the number of attempts does.</summary>
    internal static void BeginAttempt(string path)
    {
        if (ReadAny(path) is { Attempts: > 0 } before) Write(path, before with { Reason = null, Cause = null });
        else StoreDisk.Delete(path);
    }

    /// <summary>The failure of a run; null without one.</summary>
    internal static RunFailure? Read(string path) => ReadAny(path) is { Reason: not null } failure ? failure : null;

    private static void Write(string path, RunFailure failure) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(failure, RunFailureJson.Default.RunFailure));

    private static RunFailure? ReadAny(string path)
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize(RegularFile.Read(path), RunFailureJson.Default.RunFailure) is { Attempts: >= 0 } failure
                && (failure.Cause is null || RunIdentity.IsId(failure.Cause)) ? failure : null;
        }
        catch (Exception missing) when (missing is IOException or JsonException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(RunFailure))]
internal sealed partial class RunFailureJson : JsonSerializerContext;
