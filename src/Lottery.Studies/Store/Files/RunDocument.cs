using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// Checks that a <c>run.json</c> states a run, so that nothing that reads it later meets a value that no run can have. Metrics that
/// are not finite pass: a training can diverge.
/// </summary>
internal static partial class RunDocument
{
    private const int LongestName = 1_000;

    /// <summary>Checks the document of the run in the folder named <paramref name="id"/>.</summary>
    /// <exception cref="Exception">One of <see cref="RunFile.IsMalformed"/>: it states no run, or another one.</exception>
    public static void Require(JsonObject json, string id)
    {
        JsonNode specification = json["specification"]!;
        Require((string?)json["id"] == id && CanonicalJson.Hash(specification) == id, "its specification does not hash to its id");
        RequireHashes(json["sha256"]!.AsObject());
        string? parent = null;
        using var content = JsonDocument.Parse(json.ToJsonString());
        var run = RunFile.Summary(content.RootElement, above =>
        {
            parent = above;
            return null!;
        });
        RequireRead(run.Specification, parent, specification.AsObject());
        RequireRanges(run, parent);
    }

    /// <summary>Checks that no value is missing or out of range.</summary>
    /// <param name="run">The run, its specification without the parent.</param>
    /// <param name="parent">The id of that parent; null at level 0.</param>
    /// <exception cref="FormatException">One is.</exception>
    public static void RequireRanges(RunSummary run, string? parent)
    {
        RequireSpecification(run.Specification, parent);
        RequireSummary(run);
        RequireMetrics(run.Metrics, run.Pruning);
        RequireNames(run.Specification.Network, run.Pruning);
    }

    /// <summary>True if files of the store may be called so: names are names, not paths.</summary>
    public static bool IsFileName(string name) => FileName().IsMatch(name);

    private static void RequireHashes(JsonObject hashes)
    {
        foreach (string name in (string[])["mask", "initial", "final", "best"]) Require(hashes[name]!.GetValue<string>().Length > 0, $"{name} has no hash");
        foreach (JsonNode? order in hashes["batch-orders"]!.AsArray()) _ = order!.GetValue<string>();
        JsonObject files = hashes["files"]!.AsObject();
        foreach ((string name, JsonNode? hash) in files)
        {
            Require(IsFileName(name), $"it lists a file '{Printed(name)}', which no run has");
            Require(RunIdentity.IsId(hash!.GetValue<string>()), $"{name} has no hash");
        }
        foreach (string name in (string[])[StorePaths.TensorsFile, StorePaths.MetricsFile]) Require(files.ContainsKey(name), $"it has no {name}");
    }

    private static void RequireSpecification(RunSpecification run, string? parent)
    {
        Require(parent is null || RunIdentity.IsId(parent), "its parent has no id");
        Require((parent is null) == (run is { Level: 0, Control: Control.None }), "its level does not fit its parent");
        Require(run.Draw >= 0 && (run.Draw == 0 || run.Control != Control.None), "its draw is impossible");
        if (run.Level < 0 || (run.Level > 0 && (run.Prune is null || run.Actions is null))) throw new FormatException($"a level {run.Level} as it states is impossible");
        Require(run is { Training: { Steps: >= 0, Batch: > 0, Evaluate: > 0 }, Data.Validation: >= 0, FirstStep: >= 0 }, "its training is impossible");
    }

    /// <summary>What was read states all that was written: nothing is left over.</summary>
    private static void RequireRead(RunSpecification run, string? parent, JsonObject written)
    {
        JsonObject read = SpecificationJson.Write(run, parent), known = written.DeepClone().AsObject();
        // Runs of older kernels are listed, too.
        read.Remove("kernels");
        known.Remove("kernels");
        Require(CanonicalJson.Write(read) == CanonicalJson.Write(known), "its specification has values that this version does not know");
    }

    private static void RequireSummary(RunSummary run)
    {
        Require(IsName(run.Network) && IsName(run.Data) && IsName(run.Version) && IsName(run.Dotnet) && IsName(run.Processor), "a name is missing or too long");
        Require((run.Parent is null || RunIdentity.IsId(run.Parent)) && (run.Ticket is null || RunIdentity.IsId(run.Ticket)), "it comes from a run without an id");
        if (run.Weights != run.Specification.Network.PrunableCount || run.Kept < 0 || run.Kept > run.Weights)
            throw new FormatException($"it keeps {run.Kept} of {run.Weights} weights, and its network has {run.Specification.Network.PrunableCount}");

        static bool IsName(string? name) => name is { Length: <= LongestName };
    }

    private static void RequireMetrics(TrainingMetrics training, PruningMetrics pruning)
    {
        Require(training.EarlyStopStep >= 0, "its early-stopping step is negative");
        Require(!training.Tested.IsDefault, "it was tested at an impossible step");
        RequireFraction(training.InitialAccuracy);
        RequireFraction(training.Accuracy);
        RequireFraction(training.FinalAccuracy);
        RequireFraction(training.TrainingAccuracy);
        RequireFraction(training.FinalTrainingAccuracy);
        if (training.Thresholded is { } thresholded)
        {
            RequireFraction(thresholded.Accuracy);
            RequireFraction(thresholded.FinalAccuracy);
        }
        foreach (TestedStep tested in training.Tested)
        {
            Require(tested is { Step: >= 0 }, "it was tested at an impossible step");
            RequireFraction(tested.Accuracy);
        }
        Require(!pruning.KeptLast.IsDefault && pruning.Thresholds is not null, "its metrics are incomplete");
        Require(pruning.Masking is null || pruning.Masking.Values.All(layer => layer is
            {
                Pruned: >= 0, PrunedNearer: >= 0, Candidates: >= 0, CandidatesNearer: >= 0,
                PrunedTowards: >= 0, CandidatesTowards: >= 0, PrunedDecreased: >= 0, CandidatesDecreased: >= 0,
            }),
            "its metrics of masking are impossible");
    }

    private static void RequireFraction(double fraction)
    {
        if (double.IsFinite(fraction) && fraction is < 0 or > 1) throw new FormatException(FormattableString.Invariant($"it has an accuracy of {fraction}"));
    }

    private static void RequireNames(Network network, PruningMetrics pruning)
    {
        foreach ((string name, _) in pruning.Thresholds) RequireName(network, name);
        foreach (string? name in pruning.KeptLast) RequireName(network, name ?? throw new FormatException("its metrics are incomplete"));
        if (pruning.Masking is { } masking)
            foreach ((string name, _) in masking) RequireName(network, name);
    }

    private static void RequireName(Network network, string name)
    {
        foreach (Parameter parameter in network.Parameters)
            if (parameter.Prunable && parameter.Name == name) return;
        throw new FormatException($"it has metrics of '{Printed(name)}', which its network does not have");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new FormatException(otherwise);
    }

    private static string Printed(string name) =>
        string.Concat(name.Take(60).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));

    [GeneratedRegex(@"^[a-z0-9][a-z0-9\-]*(\.[a-z0-9]+)+\z")]
    private static partial Regex FileName();
}
