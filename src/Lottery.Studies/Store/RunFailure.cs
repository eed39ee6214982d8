using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lottery.Studies.Store;

/// <summary>Why the last attempt at a run failed; the next one takes it away.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="At">When, in universal time.</param>
public sealed record RunFailure(string Reason, DateTimeOffset At)
{
    /// <summary>Keeps it, unless the run has no place yet or another process works on it.</summary>
    internal void Write(StorePaths paths, string id)
    {
        if (!File.Exists(Path.Combine(paths.Underway(id), StorePaths.RunFile)) || FileLock.IsHeld(paths.Claim(id))) return;
        DurableFile.Replace(paths.Failure(id), JsonSerializer.SerializeToUtf8Bytes(this, RunFailureJson.Default.RunFailure));
    }

    /// <summary>The failure of a run; null without one.</summary>
    internal static RunFailure? Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RunFailureJson.Default.RunFailure)
                : null;
        }
        catch (Exception gone) when (gone is IOException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Failures as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(RunFailure))]
internal sealed partial class RunFailureJson : JsonSerializerContext;
