using Lottery.Bench.Peers;
using Lottery.Bench.Timing;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Tickets;

namespace Lottery.Bench.Measurements;

/// <summary>Tickets as ONNX models, as they are and without dead units and channels: size, ONNX Runtime's time on one thread, and scores.</summary>
internal static class CompactMeasurement
{
    private const int Turns = 25;

    private static readonly int[] s_batches = [1, 256];

    public static IEnumerable<string> Run(string[] tickets)
    {
        yield return $"ONNX Runtime {RuntimeModel.Version}, one thread, medians of {Turns} turns";
        yield return "| ticket | density | values | compact | file | compact | also sparse | batch | whole | compact | times faster | difference |";
        yield return "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";
        foreach (string path in tickets)
        {
            var ticket = Ticket.Load(path);
            byte[] whole = OnnxWriter.Write(ticket.Weights);
            CompactNetwork? compact = CompactNetwork.Of(ticket.Weights);
            byte[] small = compact is null ? whole : OnnxWriter.Write(compact, ticket.Weights, isSparse: false, null, null);
            byte[] sparse = compact is null ? OnnxWriter.WriteSparse(ticket.Weights, null, null) : OnnxWriter.Write(compact, ticket.Weights, isSparse: true, null, null);
            foreach (int batch in s_batches)
            {
                var random = new RandomStream(1, "bench/compact");
                float[] inputs = [.. Enumerable.Range(0, batch * ticket.Network.Inputs).Select(i => (float)random.Uniform(i))];
                using var first = new RuntimeModel(whole, ticket.Network, inputs);
                using var second = new RuntimeModel(small, ticket.Network, inputs);
                float[] expected = [.. first.Scores()];
                double difference = expected.Zip(second.Scores(), (a, b) => Math.Abs((double)a - b)).Max() / Math.Max(1, expected.Max(Math.Abs));
                int runs = Math.Max(1, (int)(0.02 / first.Time(3) * 3));
                double[][] seconds = Rounds.InTurn(Turns, () => first.Time(runs), () => second.Time(runs));
                (double before, double after) = (1e6 * Rounds.Median(seconds[0]) / runs, 1e6 * Rounds.Median(seconds[1]) / runs);
                yield return FormattableString.Invariant(
                    $"| {ticket.Network.Name} | {ticket.Mask.Density:P1} | {Count(ticket.Weights):N0} | {Count(compact?.Small ?? ticket.Weights):N0} | {whole.Length / 1e3:N0} kB | {small.Length / 1e3:N0} kB | {sparse.Length / 1e3:N0} kB | {batch} | {before:N0} µs | {after:N0} µs | {before / after:0.0} | {difference:0.0e0} |");
            }
        }
    }

    private static long Count(Weights weights) => weights.Network.Parameters.Sum(parameter => (long)parameter.Count);
}
