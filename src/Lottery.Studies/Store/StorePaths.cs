using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Studies.Store.Activity;

namespace Lottery.Studies.Store;

/// <summary>The paths of all files of a store.</summary>
/// <param name="Root">The store's folder.</param>
internal sealed partial record StorePaths(string Root)
{
    /// <summary>The specification, results and hashes of a run, in its folder.</summary>
    public const string RunFile = "run.json";

    /// <summary>The evaluations, one row for each step, in a run's folder.</summary>
    public const string MetricsFile = "metrics.parquet";

    /// <summary>Mask and weights, in a run's folder.</summary>
    public const string TensorsFile = "tensors.bin";

    /// <summary>The runs that a command is to complete, in the job's folder.</summary>
    public const string JobFile = "job.json";

    /// <summary>What a card does that a process trains on, in the folder that the process has for it.</summary>
    public const string CardFile = "card.json";

    /// <summary>Says which process works in a folder.</summary>
    public const string ClaimFile = "claim.json";

    /// <summary>A summary of the weights for charts, in a run's folder.</summary>
    public const string DigestFile = "digest.bin";

    /// <summary>All that the store writes into the folder of a run that is not finished, besides what is staged.</summary>
    public static readonly string[] ActiveFiles = [RunFile, CheckpointFile, ProgressFile, FailureFile, OldClaimFile, ClaimFile];

    /// <summary>In the folder of a job that is on Slurm: which arrays were submitted; and the folder of their scripts, tasks and logs.</summary>
    public const string SlurmFile = "slurm.json", SlurmFolder = "slurm";

    /// <summary>All that the store writes into the folder of a job of this machine.</summary>
    public static readonly string[] JobFiles = [JobFile, OldClaimFile, ClaimFile];

    /// <summary>The weights of a dense run at a step, in the snapshot's folder.</summary>
    public const string WeightsFile = "weights.bin";

    /// <summary>All that the store writes into the folder of a snapshot.</summary>
    public static readonly string[] SnapshotFiles = [WeightsFile, CheckpointFile, OldClaimFile, ClaimFile];

    private const string OldClaimFile = "claim", CheckpointFile = "checkpoint.bin", ProgressFile = "progress.jsonl", FailureFile = "failure.json", StagedFolder = "staged";

    /// <summary>States the format of the store.</summary>
    public string StoreFile => Path.Combine(Root, "store.json");

    /// <summary>The claims of this process in this store.</summary>
    public Claims Claims { get; init; } = new(ProcessIdentity.Own, TimeProvider.System);

    /// <summary>A claim that is held for moments, while a list changes or folders are removed.</summary>
    public string LockFile => Path.Combine(Root, "lock.json");

    /// <summary>What earlier versions locked instead.</summary>
    public string OldLockFile => Path.Combine(Root, "lock");

    /// <summary>One record for each finished run, for quick listing; rebuilt from the folders if it is missing.</summary>
    public string IndexFile => Path.Combine(Root, "index.bin");

    /// <summary>The evaluations of many runs in one file each, for queries; recomputed from the runs if it is missing.</summary>
    public string Packs => Path.Combine(Root, "packs");

    /// <summary>What a check of all runs that was interrupted had found to be whole.</summary>
    public string VerifiedFile => Path.Combine(Root, "verified");

    /// <summary>One folder for each finished run.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>One folder for each run that is not finished.</summary>
    public string Active => Path.Combine(Root, "active");

    /// <summary>One file for each study: the ids of its runs, and what varies between them.</summary>
    public string Studies => Path.Combine(Root, "studies");

    /// <summary>One folder for each running or interrupted command.</summary>
    public string Jobs => Path.Combine(Root, "jobs");

    /// <summary>The folder of a job.</summary>
    public string Job(string name) => Path.Combine(Jobs, name);

    /// <summary>One folder for each process that trains on a card.</summary>
    public string Cards => Path.Combine(Root, "cards");

    /// <summary>The folder of a process that trains on a card.</summary>
    public string Card(string name) => Path.Combine(Cards, name);

    /// <summary>Runs that are being removed.</summary>
    public string Removed => Path.Combine(Root, "removed");

    /// <summary>One folder for each step of a dense run whose weights late rewinding begins with.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");

    /// <summary>The folder of a snapshot: the dense run's id and the step.</summary>
    public string Snapshot(string id, int step) => Path.Combine(Snapshots, string.Create(CultureInfo.InvariantCulture, $"{id}-{step}"));

    /// <summary>What is needed to resume the training to a snapshot's step.</summary>
    public static string SnapshotCheckpoint(string folder) => Path.Combine(folder, CheckpointFile);

    /// <summary>The folder of a finished run.</summary>
    public string Run(string id) => Path.Combine(Runs, id);

    /// <summary>The folder of a run that is not finished.</summary>
    public string ActiveRun(string id) => Path.Combine(Active, id);

    /// <summary>Says which process works on the run; it counts as long as that process is alive.</summary>
    public string Claim(string id) => Path.Combine(ActiveRun(id), ClaimFile);

    /// <summary>What is needed to resume the run.</summary>
    public string Checkpoint(string id) => Path.Combine(ActiveRun(id), CheckpointFile);

    /// <summary>One line for each evaluation of a run that is not finished.</summary>
    public string Progress(string id) => Path.Combine(ActiveRun(id), ProgressFile);

    /// <summary>Why the last attempt failed, if it did.</summary>
    public string Failure(string id) => Path.Combine(ActiveRun(id), FailureFile);

    /// <summary>Where a finished run is written before its folder is renamed to its final path.</summary>
    /// <param name="id">The run.</param>
    /// <param name="mark">That of the claim: two processes never write into one folder, even if one of them has lost its claim.</param>
    public string Staged(string id, string mark) => Path.Combine(ActiveRun(id), $"{StagedFolder}-{mark}");

    /// <summary>True for the name of a folder that a finished run is written to.</summary>
    public static bool IsStaged(string name) => StagedName().IsMatch(name);

    /// <summary>Takes the claim that is held for moments.</summary>
    public Claim TakeLock() => Claims.Take(LockFile);

    /// <summary>The list of a study's runs.</summary>
    public string Study(string name) => Path.Combine(Studies, name + ".json");

    [GeneratedRegex($@"^{StagedFolder}(-[0-9a-f]+)?\z")]
    private static partial Regex StagedName();
}
