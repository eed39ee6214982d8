using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>The folder of a run that is not finished.</summary>
/// <param name="Started">When its first sitting began.</param>
/// <param name="Checkpoint">Where its last sitting stopped; null for a fresh start.</param>
internal sealed record Place(DateTimeOffset Started, Checkpoint? Checkpoint)
{
    /// <summary>Opens the folder of a claimed run, and removes what a crash left half-written.</summary>
    public static Place Open(RunStore store, RunSpecification run, string id)
    {
        string file = Path.Combine(store.Paths.Underway(id), StorePaths.RunFile);
        return StoreErrors.Guard(file, () =>
        {
            if (Directory.Exists(store.Paths.Aside(id))) Directory.Delete(store.Paths.Aside(id), recursive: true);
            File.Delete(store.Paths.Failure(id));
            DateTimeOffset started = ReadStarted(file) ?? DateTimeOffset.UtcNow;
            DurableFile.Replace(file, Describe(store, run, id, started));
            return new Place(started, ReadCheckpoint(store, run, id));
        });
    }

    private static byte[] Describe(RunStore store, RunSpecification run, string id, DateTimeOffset started)
    {
        var json = new JsonObject
        {
            ["format"] = RunDocument.Format,
            ["id"] = id,
            ["network"] = run.Network.Name,
            ["data"] = store.DataName(run.Data),
            ["specification"] = RunIdentity.Describe(run),
            ["started"] = RunOrigin.Write(started),
            ["process"] = Environment.ProcessId,
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString() + "\n");
    }

    private static DateTimeOffset? ReadStarted(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            return RunOrigin.ReadTime(JsonNode.Parse(File.ReadAllBytes(file))!["started"]!);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException
            or NullReferenceException)
        {
            return null;
        }
    }

    private static Checkpoint? ReadCheckpoint(RunStore store, RunSpecification run, string id)
    {
        string path = store.Paths.Checkpoint(id);
        if (!File.Exists(path)) return null;
        try
        {
            return CheckpointFile.Read(path, id, run.Network);
        }
        catch (UserException)
        {
            store.Warn($"{path} is damaged or of another version, so the run starts afresh.");
            File.Delete(path);
            return null;
        }
    }
}
