using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>The outcome of verifying one run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Problems">A sentence for each thing that is not as it was written; empty where all is well.</param>
internal sealed record RunCheck(string Id, ImmutableArray<string> Problems)
{
    /// <summary>True if the run was removed while it was checked.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>
    /// The message about a run that it comes from and that cannot be read, so that only its own files were checked; null where all was.
    /// </summary>
    public string? Unchecked { get; init; }
}

/// <summary>Checks a finished run against its own hashes, and its initial weights against its seed.</summary>
/// <remarks>Safe for several threads. The specifications of runs that many come from are read once.</remarks>
internal sealed class RunVerifier(RunStore store)
{
    private readonly ConcurrentDictionary<string, RunSpecification> _specifications = [];

    public RunCheck Check(string id)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        string? blocked = null;
        try
        {
            JsonObject file = store.Document(id);
            CheckFiles(id, file, problems);
            if (problems.Count == 0 && Summary(id, file, out blocked) is { } summary) CheckContent(summary, file, RunFolder.Read(store.Paths.Run(id), summary.Specification, store.Initial), problems);
        }
        catch (UserException damaged)
        {
            problems.Add(damaged.Message);
        }
        return Path.Exists(store.Paths.Run(id)) ? new(id, [.. problems.Distinct()]) { Unchecked = blocked } : new(id, []) { IsRemoved = true };
    }

    /// <summary>The run's summary, whose own file was read; null where one that it comes from cannot be read.</summary>
    private RunSummary? Summary(string id, JsonObject file, out string? blocked)
    {
        blocked = null;
        try
        {
            if ((string?)file["specification"]!["parent"] is { } parent) Specification(parent);
        }
        catch (UserException wrong)
        {
            blocked = wrong.Message;
            return null;
        }
        RunSummary run = RunFile.Summary(file, Specification);
        _specifications[id] = run.Specification;
        return run;
    }

    private RunSpecification Specification(string id) =>
        _specifications.GetOrAdd(id, id => RunFile.ReadSummary(Path.Combine(store.Paths.Run(id), StorePaths.RunFile), Specification).Specification);

    private void CheckFiles(string id, JsonObject file, ImmutableArray<string>.Builder problems)
    {
        foreach ((string name, string hash) in RunStages.ReadFiles(file))
        {
            string path = Path.Combine(store.Paths.Run(id), name);
            if (!Path.Exists(path)) problems.Add($"{path} is missing.");
            else if (HashOf(path) != hash) problems.Add($"{path} is damaged: its SHA-256 is not {hash}.");
        }
    }

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(RegularFile.ReadOfRun(file)));

    private static void CheckContent(RunSummary summary, JsonObject file, RunResult run, ImmutableArray<string>.Builder problems)
    {
        void Require(bool holds, string what)
        {
            if (!holds) problems.Add($"{what} of {RunIdentity.Short(summary.Id)} differ from what was recorded.");
        }
        Require(run.Mask.Kept == summary.Kept, "The counts of kept weights");
        if (run.Specification is { Parent: null, Start: { } start })
        {
            if (start.Mask is { } mask) Require(run.Mask.Sha256 == mask, "The bits of the initial mask");
            else if (start.Initial is { } initial) Require(run.Initial.Sha256 == initial, "The initial weights that the search began with");
            if (start.Pretrained is { } pretrained)
                Require(run.Final.Sha256 == pretrained && run.Best.Sha256 == pretrained, "The pretrained weights");
        }
        foreach (((string stage, string loaded), (_, string recorded)) in RunStages.Of(run).Zip(RunStages.Read(file)))
            Require(loaded == recorded, stage == "mask" ? "The bits of the mask" : $"The {stage}");
        Require(run.Evaluations.Any(at => at.Step == summary.EarlyStopStep), "The evaluations");
        if (run.Scores is { } scores) Require(ScoreMask.MostProbable(scores.Best).Equals(run.Mask), "The best scores and the mask");
        if (run.Specification.IsPruned && run.Specification.Actions.Mask0 == "zero" && !PrunedIsZero(run))
            problems.Add($"A pruned weight of {RunIdentity.Short(summary.Id)} is not zero.");
    }

    private static bool PrunedIsZero(RunResult run) =>
        new[] { run.Initial, run.Final, run.Best }.All(run.Mask.IsZeroWherePruned);
}
