using System.Collections.Immutable;
using Lottery.Bench.Results;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Bench.Measurements;

/// <summary>
/// Predicting with tickets, beside ONNX Runtime on the dense network: LeNet-300-100 on masks of a real search, Conv-4 on
/// the largest weights of each layer after a short training.
/// </summary>
internal static class PredictionMeasurement
{
    private const double LenetDensity = 0.036;
    private const int Images = 64;

    public static ImmutableArray<PredictionRow> Run(RealSearch search, int rounds) =>
        [.. Lenet(search, rounds), .. OnImages("conv-4", rounds), .. OnImages("resnet-20", rounds)];

    private static IEnumerable<PredictionRow> Lenet(RealSearch search, int rounds)
    {
        RunResult ticket = search.Nearest(LenetDensity);
        Weights dense = search.Levels[0].Best;
        float[] images = Scaled(search.Data.Dataset.Test, Images), random = Random(Images * dense.Network.Inputs);
        foreach (int batch in (int[])[1, 16, 64])
        {
            yield return PredictionRace.Run("random values", ticket.Mask, ticket.Best, dense, random, batch, rounds);
            yield return PredictionRace.Run("test images", ticket.Mask, ticket.Best, dense, images, batch, rounds);
        }
        yield return PredictionRace.Run("random values", Mask.Full(dense.Network), dense, dense, random, 1, rounds);
    }

    /// <summary>Every prunable layer at 10 %, and the dense network itself.</summary>
    private static IEnumerable<PredictionRow> OnImages(string name, int rounds)
    {
        Weights dense = ImageSteps.Train(NetworkCatalogue.Get(name), steps: 5, threads: 1);
        float[] random = Random(64 * dense.Network.Inputs);
        foreach (int level in (int[])[1, 0])
        {
            Mask mask = ImageSteps.Cut(dense, new PruneRates(0.9m, 0.9m, 0.9m), level);
            Weights ticket = dense.Clone();
            for (int i = 0; i < ticket.Network.Parameters.Length; i++)
                for (int k = 0; mask[i] is { } kept && k < kept.Length; k++)
                    if (!kept[k]) ticket[i][k] = 0;
            foreach (int batch in (int[])[1, 16])
                yield return PredictionRace.Run("random values", mask, ticket, dense, random, batch, rounds);
        }
    }

    private static float[] Scaled(Examples examples, int count)
    {
        float[] values = new float[count * examples.Features];
        for (int i = 0; i < values.Length; i++) values[i] = examples.Scale.Of(0, examples.Pixels.Span[i]);
        return values;
    }

    /// <summary>Uniform in [0, 1): no zero that could be skipped.</summary>
    private static float[] Random(int count)
    {
        var random = new RandomStream(1, "bench/prediction");
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Uniform(i))];
    }
}
