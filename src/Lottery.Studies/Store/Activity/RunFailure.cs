using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>Why the last attempt at a run failed; the next attempt deletes it.</summary>
/// <param name="Reason">The error message.</param>
/// <param name="At">When it failed, in universal time.</param>
internal sealed record RunFailure(string Reason, DateTimeOffset At)
{
    /// <summary>Writes it, unless the run has no folder yet or another process works on it.</summary>
    internal void Write(StorePaths paths, string id)
    {
        if (!File.Exists(Path.Combine(paths.ActiveRun(id), StorePaths.RunFile)) || paths.Claims.IsHeld(paths.Claim(id))) return;
        DurableFile.Replace(paths.Failure(id), JsonSerializer.SerializeToUtf8Bytes(this, RunFailureJson.Default.RunFailure));
    }

    /// <summary>The failure of a run; null without one.</summary>
    internal static RunFailure? Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(RegularFile.Read(path), RunFailureJson.Default.RunFailure) is { Reason: not null } failure ? failure : null
                : null;
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
