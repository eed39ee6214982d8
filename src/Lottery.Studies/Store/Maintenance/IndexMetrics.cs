using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>The metrics of a run in the index, there and back; a test finds one that is missing.</summary>
internal static class IndexMetrics
{
    private const int LeastOfNamed = 2 * sizeof(ulong), SizeOfTested = 3 * sizeof(ulong);

    public static void Write(IndexWriter to, TrainingMetrics metrics)
    {
        to.Write((long)metrics.EarlyStopStep);
        foreach (double number in (double[])
            [
                metrics.InitialAccuracy, metrics.InitialLoss, metrics.Accuracy, metrics.Loss, metrics.FinalAccuracy, metrics.FinalLoss,
                metrics.TrainingAccuracy, metrics.FinalTrainingAccuracy, metrics.Seconds, metrics.EvaluationSeconds, metrics.TotalSeconds,
            ])
            to.Write(number);
        to.Write((long)metrics.Tested.Length);
        foreach (TestedStep tested in metrics.Tested)
        {
            to.Write((long)tested.Step);
            to.Write(tested.Accuracy);
            to.Write(tested.Loss);
        }
        to.Write(metrics.Thresholded is null ? 0L : 1L);
        if (metrics.Thresholded is not { } thresholded) return;
        foreach (double number in (double[])[thresholded.Accuracy, thresholded.Loss, thresholded.FinalAccuracy, thresholded.FinalLoss]) to.Write(number);
    }

    public static TrainingMetrics ReadTraining(ref IndexReader from) => new()
    {
        EarlyStopStep = from.Integer(),
        InitialAccuracy = from.Real(), InitialLoss = from.Real(), Accuracy = from.Real(), Loss = from.Real(), FinalAccuracy = from.Real(), FinalLoss = from.Real(),
        TrainingAccuracy = from.Real(), FinalTrainingAccuracy = from.Real(), Seconds = from.Real(), EvaluationSeconds = from.Real(), TotalSeconds = from.Real(),
        Tested = ReadTested(ref from),
        Thresholded = from.Long() == 0 ? null : new() { Accuracy = from.Real(), Loss = from.Real(), FinalAccuracy = from.Real(), FinalLoss = from.Real() },
    };

    public static void Write(IndexWriter to, PruningMetrics metrics)
    {
        to.Write((long)metrics.Thresholds.Count);
        foreach ((string name, double threshold) in metrics.Thresholds)
        {
            to.Write(name);
            to.Write(threshold);
        }
        to.Write((long)metrics.KeptLast.Length);
        foreach (string name in metrics.KeptLast) to.Write(name);
        to.Write(metrics.Masking is { } masking ? masking.Count : -1L);
        foreach ((string name, MaskingMetrics layer) in metrics.Masking ?? ImmutableSortedDictionary<string, MaskingMetrics>.Empty)
        {
            to.Write(name);
            foreach (int count in (int[])
                [
                    layer.Pruned, layer.PrunedNearer, layer.Candidates, layer.CandidatesNearer,
                    layer.PrunedTowards, layer.CandidatesTowards, layer.PrunedDecreased, layer.CandidatesDecreased,
                ])
                to.Write((long)count);
        }
    }

    /// <summary>Reads the metrics of a mask; names of the network's parameters are its own texts.</summary>
    public static PruningMetrics ReadPruning(ref IndexReader from, Network network)
    {
        var thresholds = PruningMetrics.None.Thresholds.ToBuilder();
        for (int left = from.Count(LeastOfNamed); left > 0; left--) thresholds[Name(ref from, network)] = from.Real();
        var kept = new string[from.Count(sizeof(ulong))];
        for (int i = 0; i < kept.Length; i++) kept[i] = Name(ref from, network);
        long layers = from.Long();
        ImmutableSortedDictionary<string, MaskingMetrics>.Builder? masking = layers < 0 ? null : ImmutableSortedDictionary.CreateBuilder<string, MaskingMetrics>();
        for (; layers > 0; layers--)
            masking![Name(ref from, network)] = new(from.Integer(), from.Integer(), from.Integer(), from.Integer())
            {
                PrunedTowards = from.Integer(), CandidatesTowards = from.Integer(), PrunedDecreased = from.Integer(), CandidatesDecreased = from.Integer(),
            };
        return thresholds.Count == 0 && kept.Length == 0 && masking is null ? PruningMetrics.None
            : new() { Thresholds = thresholds.ToImmutable(), KeptLast = [.. kept], Masking = masking?.ToImmutable() };
    }

    private static ImmutableArray<TestedStep> ReadTested(ref IndexReader from)
    {
        var tested = new TestedStep[from.Count(SizeOfTested)];
        for (int i = 0; i < tested.Length; i++) tested[i] = new(from.Integer(), from.Real(), from.Real());
        return ImmutableArray.Create(tested);
    }

    private static string Name(ref IndexReader from, Network network)
    {
        string text = from.Text();
        foreach (Parameter parameter in network.Parameters)
            if (parameter.Name == text) return parameter.Name;
        return text;
    }
}
