using System.Diagnostics;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Networks;
using Lottery.Prediction;

namespace Lottery.Bench.Measurements;

/// <summary>One ticket, one number of examples at once: ours, ONNX Runtime on the dense model, and on the ticket with its zeros.</summary>
internal static class PredictionRace
{
    /// <summary>
    /// Ours goes through so many examples, one batch after the other, so that no processor learns one by heart; ONNX
    /// Runtime has the first batch alone, to which it is all one. They fit the second-level cache.
    /// </summary>
    private const int Examples = 64;

    private const double SecondsInRound = 0.02, SecondsBefore = 0.5;

    public static PredictionRow Run(string what, Mask mask, Weights ticket, Weights dense, float[] inputs, int batch, int rounds)
    {
        int features = ticket.Network.Inputs, classes = ticket.Network.Outputs;
        int batches = Math.Min(Examples, inputs.Length / features) / batch;
        using var predictor = new Predictor(mask, ticket, PixelScale.Unit);
        float[] first = inputs[..(batch * features)], scores = new float[batch * classes];
        using RuntimeModel denseModel = new(dense, first), sparseModel = new(ticket, first);
        predictor.Scores(first, scores);
        double difference = scores.Zip(sparseModel.Scores(), (a, b) => Math.Abs((double)a - b)).Max();

        for (double spent = 0; spent < SecondsBefore;) spent += Time(10); // .NET compiles what runs often once more
        int runs = Enough(Time), denseRuns = Enough(denseModel.Time), sparseRuns = Enough(sparseModel.Time);
        double[][] seconds = Rounds.InTurn(rounds,
            () => Time(runs) / runs, () => denseModel.Time(denseRuns) / denseRuns, () => sparseModel.Time(sparseRuns) / sparseRuns);
        double[] microseconds = Array.ConvertAll(seconds, times => 1e6 * Rounds.Median(times));
        return new(ticket.Network.Name, mask.Density, batch, what, microseconds[0], microseconds[1], microseconds[2], difference);

        double Time(int calls)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                predictor.Scores(inputs.AsSpan(i % batches * batch * features, batch * features), scores);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static int Enough(Func<int, double> time)
    {
        int runs = 1;
        while (time(runs) < SecondsInRound / 2) runs *= 2;
        return runs;
    }
}
