using System.Text;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.Studies.Store.Activity;

/// <summary>The folder of a run that is not finished.</summary>
/// <param name="Started">When its first training session began, in universal time.</param>
/// <param name="Checkpoint">Where its last training session stopped; null for a fresh start.</param>
internal sealed record ActiveRunFolder(DateTimeOffset Started, Checkpoint? Checkpoint)
{
    /// <summary>Opens the folder of a claimed run, and removes what a crash left half-written and the last failure.</summary>
    public static ActiveRunFolder Open(RunStore store, RunSpecification run, string id)
    {
        string file = Path.Combine(store.Paths.ActiveRun(id), StorePaths.RunFile);
        return StoreErrors.Guard(file, () =>
        {
            RemoveHalf(store.Paths, id);
            RunFailure.BeginAttempt(store.Paths.Failure(id));
            DateTimeOffset started = ReadStarted(file) ?? DateTimeOffset.UtcNow;
            // Only the dashboard reads it.
            DurableFile.ReplaceUnflushed(file, Describe(store, run, id, started));
            return new ActiveRunFolder(started, ReadCheckpoint(store, run, id));
        });
    }

    /// <summary>Removes what a crash left half-written in the folder of a claimed run.</summary>
    /// <returns>The number of bytes freed.</returns>
    public static long RemoveHalf(StorePaths paths, string id) =>
        StoreFolder.RemoveFolders(paths.ActiveRun(id), StorePaths.IsStaged)
        + StoreFolder.RemoveFiles(paths.ActiveRun(id), StorePaths.ActiveFiles, onlyTemporary: true);

    /// <summary>Removes the folder of a claimed run, and gives the claim back; what the store did not write stays.</summary>
    /// <returns>The number of bytes freed.</returns>
    public static long Remove(StorePaths paths, string id, Claim claim)
    {
        long freed = RemoveHalf(paths, id) + StoreFolder.RemoveFiles(paths.ActiveRun(id), StorePaths.ActiveFiles.Except([StorePaths.ClaimFile]));
        // The claim is last: until then, no other process begins the run here.
        claim.Dispose();
        StoreFolder.RemoveEmpty(paths.ActiveRun(id));
        return freed;
    }

    /// <summary>The file that says which run it is.</summary>
    internal static byte[] Describe(RunStore store, RunSpecification run, string id, DateTimeOffset started)
    {
        var json = new JsonObject
        {
            ["format"] = RunStore.Format,
            ["id"] = id,
            ["network"] = run.Network.Name,
            ["data"] = store.DataName(run.Data),
            ["specification"] = RunIdentity.Describe(run),
            ["started"] = RunFile.WriteTime(started),
            ["process"] = Environment.ProcessId,
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString() + "\n");
    }

    private static DateTimeOffset? ReadStarted(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            return RunFile.ReadTime(JsonNode.Parse(RegularFile.Read(file))!["started"]!.GetValue<string>());
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
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
            store.Warn($"{path} is damaged or of another version, so the run starts again from step 0.");
            StoreDisk.Delete(path);
            return null;
        }
    }
}
