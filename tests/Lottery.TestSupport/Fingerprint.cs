using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Training;

namespace Lottery.TestSupport;

/// <summary>SHA-256 over every bit of a result that two equal runs must share: all but the times.</summary>
internal static class Fingerprint
{
    public static string Of(Weights weights) => Of(hash => Append(hash, weights));

    public static string Of(IEnumerable<RunResult> runs) => Of(hash =>
    {
        foreach (RunResult run in runs) Append(hash, run);
    });

    private static string Of(Action<IncrementalHash> append)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        append(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, RunResult run)
    {
        for (int i = 0; i < run.Mask.Network.Parameters.Length; i++)
            if (run.Mask[i] is { } bits) hash.AppendData(MemoryMarshal.AsBytes(bits.Words));
        foreach (Weights weights in (Weights[])[run.Initial, run.Scores?.Best ?? run.Best, run.Scores?.Final ?? run.Final]) Append(hash, weights);
        foreach (Evaluation evaluation in run.Evaluations)
            Append(hash, evaluation.Step, evaluation.Loss, evaluation.Accuracy, evaluation.Step > 0 ? evaluation.TrainingLoss : 0);
        Append(hash, run.EarlyStopStep, run.Accuracy, run.Metrics.Loss, run.Metrics.FinalAccuracy, run.Metrics.FinalLoss);
        foreach (KeptFractions shares in run.Evaluations.Select(evaluation => evaluation.Kept).OfType<KeptFractions>())
            Append(hash, shares.Expected, shares.Thresholded);
        if (run.Metrics.Thresholded is { } likely)
            Append(hash, likely.Accuracy, likely.Loss, likely.FinalAccuracy, likely.FinalLoss);
        foreach (double threshold in run.Pruning.Thresholds.Values) Append(hash, threshold);
        foreach (string order in run.BatchOrders) hash.AppendData(Convert.FromHexString(order));
    }

    private static void Append(IncrementalHash hash, Weights weights)
    {
        for (int i = 0; i < weights.Network.Parameters.Length; i++) hash.AppendData(MemoryMarshal.AsBytes(weights[i]));
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<double> numbers) =>
        hash.AppendData(MemoryMarshal.AsBytes(numbers));
}
