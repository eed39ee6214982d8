using System.Collections.Immutable;
using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Studies.Store;

/// <summary>The folder of a finished run, written aside and read back.</summary>
internal static class FinishedRun
{
    /// <summary>Writes all files into a new folder and returns when the disk has them.</summary>
    public static RunRecord Write(
        string folder, RunResult result, string data, DateTimeOffset started,
        Func<RunSpecification, Mask, Weights?> initial)
    {
        bool seedGivesInitial = initial(result.Specification, result.Mask) is { } given
            && given.Sha256 == result.Initial.Sha256;
        var tensors = new TensorFile(result.Mask, result.Initial, result.Final, result.Best);
        Dictionary<string, byte[]> files = new()
        {
            [StorePaths.TensorsFile] = tensors.Write(seedGivesInitial, scores: result.Specification.Supermask is not null),
            [StorePaths.MetricsFile] = MetricsFile.Write(result.Evaluations),
            [StorePaths.DigestFile] = DigestFile.Write(WeightDigest.Of(result)),
        };
        var hashes = files.ToImmutableSortedDictionary(
            file => file.Key, file => Convert.ToHexStringLower(SHA256.HashData(file.Value)), StringComparer.Ordinal);
        RunDocument document = RunDocument.Of(result, data, hashes, RunOrigin.Now(started));
        files[StorePaths.RunFile] = document.Write();

        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in files) DurableFile.Write(Path.Combine(folder, name), content);
        DurableFile.FlushFolder(folder);
        return RunRecord.Of(document);
    }

    /// <summary>The run in a folder.</summary>
    /// <exception cref="UserException">A file is damaged; the message names it.</exception>
    public static RunResult Read(string folder, RunSpecification run, Func<RunSpecification, Mask, Weights?> initial)
    {
        string tensorsFile = Path.Combine(folder, StorePaths.TensorsFile);
        string metricsFile = Path.Combine(folder, StorePaths.MetricsFile);
        RunDocument document = RunDocument.Read(Path.Combine(folder, StorePaths.RunFile));
        TensorFile tensors = TensorFile.Read(tensorsFile, run.Network, Initial, scores: run.Supermask is not null);
        return new()
        {
            Specification = run,
            Mask = tensors.Mask,
            Initial = tensors.Initial,
            Best = tensors.Best,
            Final = tensors.Final,
            Evaluations = MetricsFile.Read(metricsFile, document.Hashes.Files[StorePaths.MetricsFile]),
            BatchOrders = document.Hashes.BatchOrders,
            Metrics = document.Metrics.Training,
            Pruning = document.Metrics.Pruning,
        };

        Weights Initial(Mask mask) => initial(run, mask)
            ?? throw StoreErrors.Damaged(tensorsFile, "it has no initial weights, and the seed does not give them");
    }
}
