using System.Globalization;

namespace Lottery.Studies.Store;

/// <summary>The paths of all files of a store.</summary>
/// <param name="Root">The store's folder.</param>
internal sealed record StorePaths(string Root)
{
    /// <summary>The specification, results and hashes of a run, in its folder.</summary>
    public const string RunFile = "run.json";

    /// <summary>The evaluations, one row for each step, in a run's folder.</summary>
    public const string MetricsFile = "metrics.parquet";

    /// <summary>Mask and weights, in a run's folder.</summary>
    public const string TensorsFile = "tensors.bin";

    /// <summary>The runs that a command is to complete, in the job's folder.</summary>
    public const string JobFile = "job.json";

    /// <summary>Locked by the process that works in a folder.</summary>
    public const string ClaimFile = "claim";

    /// <summary>A summary of the weights for charts, in a run's folder.</summary>
    public const string DigestFile = "digest.bin";

    /// <summary>All that the store writes into the folder of a run that is not finished, besides what is staged.</summary>
    public static readonly string[] ActiveFiles = [ClaimFile, RunFile, CheckpointFile, ProgressFile, FailureFile];

    /// <summary>All that the store writes into the folder of a job.</summary>
    public static readonly string[] JobFiles = [ClaimFile, JobFile];

    /// <summary>The weights of a dense run at a step, in the snapshot's folder.</summary>
    public const string WeightsFile = "weights.bin";

    /// <summary>All that the store writes into the folder of a snapshot.</summary>
    public static readonly string[] SnapshotFiles = [ClaimFile, WeightsFile, CheckpointFile];

    private const string CheckpointFile = "checkpoint.bin", ProgressFile = "progress.jsonl", FailureFile = "failure.json";

    /// <summary>States the format of the store.</summary>
    public string StoreFile => Path.Combine(Root, "store.json");

    /// <summary>Locked briefly, while a claim is taken or a list changes.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>One line for each finished run, for quick listing; rebuilt from the folders if it is missing.</summary>
    public string IndexFile => Path.Combine(Root, "index.jsonl");

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

    /// <summary>Locked by the process that works on the run; the lock dies with the process.</summary>
    public string Claim(string id) => Path.Combine(ActiveRun(id), ClaimFile);

    /// <summary>What is needed to resume the run.</summary>
    public string Checkpoint(string id) => Path.Combine(ActiveRun(id), CheckpointFile);

    /// <summary>One line for each evaluation of a run that is not finished.</summary>
    public string Progress(string id) => Path.Combine(ActiveRun(id), ProgressFile);

    /// <summary>Why the last attempt failed, if it did.</summary>
    public string Failure(string id) => Path.Combine(ActiveRun(id), FailureFile);

    /// <summary>Where a finished run is written before its folder is renamed to its final path.</summary>
    public string Staged(string id) => Path.Combine(ActiveRun(id), "staged");

    /// <summary>The list of a study's runs.</summary>
    public string Study(string name) => Path.Combine(Studies, name + ".json");
}
