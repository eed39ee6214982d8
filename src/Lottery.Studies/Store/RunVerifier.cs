using System.Collections.Immutable;
using System.Security.Cryptography;
using Lottery.Search;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>What became of one run under verification.</summary>
/// <param name="Id">The run.</param>
/// <param name="Problems">A sentence for each thing that is not as it was written; none where all is well.</param>
public sealed record RunCheck(string Id, ImmutableArray<string> Problems);

/// <summary>Checks a finished run against its own hashes, and its initial weights against its seed.</summary>
internal sealed class RunVerifier(RunStore store)
{
    public RunCheck Check(string id)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        try
        {
            RunDocument document = store.Document(id);
            CheckIdentity(id, document, problems);
            CheckFiles(id, document, problems);
            if (problems.Count == 0) CheckContent(document, store.Load(id), problems);
        }
        catch (UserException damaged)
        {
            problems.Add(damaged.Message);
        }
        return new(id, problems.ToImmutable());
    }

    private static void CheckIdentity(string id, RunDocument document, ImmutableArray<string>.Builder problems)
    {
        if (document.Id != id || CanonicalJson.Hash(document.Specification) != id)
            problems.Add($"The specification of {RunIdentity.Short(id)} does not hash to its id.");
    }

    private void CheckFiles(string id, RunDocument document, ImmutableArray<string>.Builder problems)
    {
        string folder = store.Paths.Run(id);
        foreach ((string name, string hash) in document.Hashes.Files)
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file)) problems.Add($"{file} is missing.");
            else if (HashOf(file) != hash) problems.Add($"{file} is damaged: its SHA-256 is not {hash}.");
        }
    }

    private static string HashOf(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(StoreErrors.Guard(file, () => File.ReadAllBytes(file))));

    private static void CheckContent(RunDocument document, RunResult run, ImmutableArray<string>.Builder problems)
    {
        void Require(bool holds, string what)
        {
            if (!holds) problems.Add($"{what} of {RunIdentity.Short(document.Id)} differ from what was recorded.");
        }
        Require(run.Mask.Kept == document.Metrics.Kept, "The counts of kept weights");
        Require(run.Mask.Sha256 == document.Hashes.Mask, "The mask's bits");
        if (run.Specification is { Parent: null, Start: { } start })
        {
            if (start.Mask is { } mask) Require(run.Mask.Sha256 == mask, "The initial mask's bits");
            else if (start.Initial is { } initial) Require(run.Initial.Sha256 == initial, "The initial weights that the search began with");
            if (start.Pretrained is { } pretrained)
                Require(run.Final.Sha256 == pretrained && run.Best.Sha256 == pretrained, "The pretrained weights");
        }
        Require(run.Initial.Sha256 == document.Hashes.Initial, "The initial weights");
        Require(run.Final.Sha256 == document.Hashes.Final, "The final weights");
        Require(run.Best.Sha256 == document.Hashes.Best, "The best weights");
        Require(run.Evaluations.Any(at => at.Step == document.Metrics.Training.EarlyStopStep), "The evaluations");
        if (run.Specification.Supermask is not null)
            Require(ScoreMask.MostProbable(run.Best).Equals(run.Mask), "The best scores and the mask");
        if (run.Specification.IsPruned && run.Specification.Actions.Mask0 == "zero" && !PrunedIsZero(run))
            problems.Add($"A pruned weight of {RunIdentity.Short(document.Id)} is not zero.");
    }

    private static bool PrunedIsZero(RunResult run) =>
        new[] { run.Initial, run.Final, run.Best }.All(run.Mask.IsZeroWherePruned);
}
