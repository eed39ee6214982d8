using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.Bench.Measurements;

/// <summary>
/// From the bytes of a ticket to a first prediction, in a process that has done it before: reading, making the predictor,
/// predicting one example. The tickets keep a random tenth of every prunable layer.
/// </summary>
internal static class PredictorMeasurement
{
    private const double Density = 0.1;

    public static ImmutableArray<PredictorRow> Run(int rounds) =>
        [.. ((string[])["lenet-300-100", "conv-4", "resnet-20", "vgg-19"]).Select(name => Run(NetworkCatalogue.Get(name), rounds))];

    private static PredictorRow Run(Network network, int rounds)
    {
        byte[] bytes = SomeTicket(network).Write();
        var inputs = new float[network.Inputs];
        var scores = new float[network.Outputs];
        Once();
        double[][] times = [.. Enumerable.Range(0, rounds).Select(_ => Once())];
        double Median(int part) => 1e3 * Rounds.Median([.. times.Select(one => one[part])]);
        return new(network.Name, Density, Median(0), Median(1), Median(2));

        double[] Once()
        {
            GC.Collect();
            long start = Stopwatch.GetTimestamp();
            Ticket ticket = Ticket.Read(bytes);
            double read = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            using var predictor = new Predictor(ticket);
            double made = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            predictor.Scores(inputs, scores);
            return [read, made, Stopwatch.GetElapsedTime(start).TotalSeconds];
        }
    }

    private static Ticket SomeTicket(Network network)
    {
        var weights = InitialWeights.Sample(network, 1);
        var random = new RandomStream(1, "bench/predictor");
        var bits = ImmutableArray.CreateBuilder<BitSet?>();
        long next = 0;
        for (int p = 0; p < network.Parameters.Length; p++)
        {
            BitSet? kept = network.Parameters[p].Prunable ? new BitSet(network.Parameters[p].Count) : null;
            for (int i = 0; kept is not null && i < kept.Length; i++)
            {
                kept[i] = random.Uniform(next++) < Density;
                if (!kept[i]) weights[p][i] = 0;
            }
            bits.Add(kept);
        }
        return Ticket.FromTrained(new(network, bits.ToImmutable()), weights);
    }
}
