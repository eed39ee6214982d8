using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Store.Maintenance;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>The folder of a finished run: <c>run.json</c>, <c>tensors.bin</c>, <c>metrics.parquet</c>, <c>digest.bin</c>.</summary>
internal static class RunFolder
{
    /// <summary>Writes all files into a new folder and returns when the disk has them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="result">The run.</param>
    /// <param name="data">The name of the data set.</param>
    /// <param name="started">When the run's first training session began.</param>
    /// <param name="initial">The initial weights that a specification and a mask give; null where they do not.</param>
    public static RunSummary Write(
        string folder, RunResult result, string data, DateTimeOffset started, Func<RunSpecification, Mask, Weights?> initial)
    {
        (RunSummary summary, Dictionary<string, byte[]> files) = Files(result, data, started, initial);
        StoreDisk.CreateFolder(folder);
        DurableFile.Write(folder, files);
        return summary;
    }

    /// <summary>The content of all files, by name.</summary>
    /// <param name="result">The run.</param>
    /// <param name="data">The name of the data set.</param>
    /// <param name="started">When the run's first training session began.</param>
    /// <param name="initial">The initial weights that a specification and a mask give; null where they do not.</param>
    public static (RunSummary Run, Dictionary<string, byte[]> Files) Files(
        RunResult result, string data, DateTimeOffset started, Func<RunSpecification, Mask, Weights?> initial)
    {
        bool seedGivesInitial = initial(result.Specification, result.Mask) is { } given && given.Sha256 == result.Initial.Sha256;
        var tensors = new TensorFile(result.Mask, result.Initial, result.Final, result.Best, result.Scores);
        Dictionary<string, byte[]> files = new()
        {
            [StorePaths.TensorsFile] = tensors.Write(seedGivesInitial),
            [StorePaths.MetricsFile] = MetricsFile.Write(result.Evaluations, result.Metrics.Tested),
            [StorePaths.DigestFile] = DigestFile.Write(WeightDigest.Of(result)),
        };
        var hashes = files.ToImmutableSortedDictionary(
            file => file.Key, file => Convert.ToHexStringLower(SHA256.HashData(file.Value)), StringComparer.Ordinal);
        RunSummary summary = RunSummary.Of(result, data, started) with { EvaluationsSha256 = hashes[StorePaths.MetricsFile] };
        files[StorePaths.RunFile] = RunFile.Write(summary, RunStages.Write(result, hashes));
        return (summary, files);
    }

    /// <summary>The run in a folder.</summary>
    /// <exception cref="UserException">A file is damaged; the message names it.</exception>
    public static RunResult Read(string folder, RunSpecification run, Func<RunSpecification, Mask, Weights?> initial)
    {
        string runFile = Path.Combine(folder, StorePaths.RunFile);
        JsonObject file = RunFile.Read(runFile);
        (TrainingMetrics metrics, PruningMetrics pruning) = RunFile.ReadMetrics(runFile, file);
        TensorFile tensors = ReadTensors(folder, run, initial);
        return new()
        {
            Specification = run,
            Mask = tensors.Mask,
            Initial = tensors.Initial,
            Best = tensors.Best,
            Final = tensors.Final,
            Scores = tensors.Scores,
            Evaluations = ReadEvaluations(folder, file),
            BatchOrders = RunStages.ReadBatchOrders(file),
            Metrics = metrics,
            Pruning = pruning,
        };
    }

    /// <summary>The mask and the weights of the run in a folder, without its evaluations and metrics.</summary>
    /// <exception cref="UserException">Their file is damaged; the message names it.</exception>
    public static TensorFile ReadTensors(string folder, RunSpecification run, Func<RunSpecification, Mask, Weights?> initial)
    {
        string tensorsFile = Path.Combine(folder, StorePaths.TensorsFile);
        return TensorFile.Read(tensorsFile, run.Network, Initial, scores: run.Supermask is not null);

        Weights Initial(Mask mask) => initial(run, mask)
            ?? throw StoreErrors.Damaged(tensorsFile, "it has no initial weights, and the seed does not give them");
    }

    /// <summary>The evaluations of the run in a folder, by step.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="file">Its <c>run.json</c>.</param>
    /// <exception cref="UserException">Their file is damaged.</exception>
    public static ImmutableArray<Evaluation> ReadEvaluations(string folder, JsonObject file) => MetricsFile.Read(
        Path.Combine(folder, StorePaths.MetricsFile),
        RunStages.HashOf(file, StorePaths.MetricsFile));
}
