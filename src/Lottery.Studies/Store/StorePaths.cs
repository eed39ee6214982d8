namespace Lottery.Studies.Store;

/// <summary>Every path that a store writes; nothing is written anywhere else.</summary>
/// <param name="Root">The store's folder.</param>
public sealed record StorePaths(string Root)
{
    /// <summary>The specification, results and hashes of a run, in its folder.</summary>
    public const string RunFile = "run.json";

    /// <summary>One row an evaluation, in a run's folder.</summary>
    public const string MetricsFile = "metrics.parquet";

    /// <summary>Mask and weights, in a run's folder.</summary>
    public const string TensorsFile = "tensors.bin";

    /// <summary>What a command has set out to do, in its folder.</summary>
    public const string ActiveJobFile = "activeJob.json";

    /// <summary>Locked by the process that works in a folder.</summary>
    public const string ClaimFile = "claim";

    /// <summary>What charts need of the weights, in a run's folder.</summary>
    public const string DigestFile = "digest.bin";

    /// <summary>States the format of the store.</summary>
    public string StoreFile => Path.Combine(Root, "store.json");

    /// <summary>Held for moments: while a claim is taken or a list changes.</summary>
    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>One line a finished run, for quick listing; can be rebuilt from the folders.</summary>
    public string IndexFile => Path.Combine(Root, "index.jsonl");

    /// <summary>One folder a finished run.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>One folder a run under way, or interrupted.</summary>
    public string Active => Path.Combine(Root, "active");

    /// <summary>One file a study: the ids of its runs, one a line.</summary>
    public string Studies => Path.Combine(Root, "studies");

    /// <summary>One folder for each command under way, or interrupted.</summary>
    public string ActiveJobs => Path.Combine(Root, "activeJobs");

    /// <summary>The folder of a command.</summary>
    public string ActiveJob(string name) => Path.Combine(ActiveJobs, name);

    /// <summary>Runs on their way out.</summary>
    public string Removed => Path.Combine(Root, "removed");

    /// <summary>The folder of a finished run.</summary>
    public string Run(string id) => Path.Combine(Runs, id);

    /// <summary>The folder of a run under way.</summary>
    public string Underway(string id) => Path.Combine(Active, id);

    /// <summary>Locked by the process that works on the run; the lock dies with the process.</summary>
    public string Claim(string id) => Path.Combine(Underway(id), ClaimFile);

    /// <summary>What is needed to go on.</summary>
    public string Checkpoint(string id) => Path.Combine(Underway(id), "checkpoint.bin");

    /// <summary>One line an evaluation, for whoever watches.</summary>
    public string Progress(string id) => Path.Combine(Underway(id), "progress.jsonl");

    /// <summary>Why the last attempt failed, if it did.</summary>
    public string Failure(string id) => Path.Combine(Underway(id), "failure.json");

    /// <summary>Where a finished run is written before it is renamed into place.</summary>
    public string Aside(string id) => Path.Combine(Underway(id), "finished");

    /// <summary>The list of a study's runs.</summary>
    public string Study(string name) => Path.Combine(Studies, name + ".txt");
}
