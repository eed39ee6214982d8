using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Formats.Safetensors;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Tickets;

namespace Lottery.Bench.Measurements;

/// <summary>How small tickets are, on masks of a real search, and how fast they are packed and unpacked.</summary>
internal static class TicketMeasurement
{
    private static readonly ImmutableArray<double> s_densities = [0.21, 0.087, 0.036, 0.019];
    private static readonly ImmutableArray<decimal> s_removed = [0.8m, 0.964m];

    private static readonly ImmutableArray<(string Name, Contexts Used)> s_others =
    [
        ("without the input's fraction", MaskContexts.Chosen & ~Contexts.Input),
        ("without neighbourhood sums", MaskContexts.Chosen & ~Contexts.Near),
        ("with fixed mixing weights", MaskContexts.Chosen & ~Contexts.Learned),
        ("with the output's fraction, too", MaskContexts.Chosen | Contexts.Output),
        ("with the kept count of the previous unit, too", MaskContexts.Chosen | Contexts.UnitBefore),
    ];

    public static TicketRows Run(RealSearch search, int rounds)
    {
        ImmutableArray<RunResult> tickets = [.. s_densities.Select(search.Nearest)];
        Weights conv6 = ImageSteps.Train(NetworkCatalogue.Get("conv-6"), steps: 1, threads: 1);
        ImmutableArray<Mask> masks = [.. tickets.Select(ticket => ticket.Mask), Largest(conv6, s_removed[^1])];
        ImmutableArray<double> chosen = [.. masks.Select(mask => MaskContexts.Bytes(mask, MaskContexts.Chosen))];
        return new(
            [.. tickets.Select(ticket => Size(search, ticket))],
            [.. s_others.Select(other => new ContextRow(
                other.Name, [.. masks.Select((mask, i) => MaskContexts.Bytes(mask, other.Used) / chosen[i])]))],
            [.. s_removed.SelectMany(removed => Speeds(conv6, Largest(conv6, removed), rounds))]);
    }

    private static Mask Largest(Weights weights, decimal removed) => ImageSteps.Cut(weights, new PruneRates(removed, removed, removed), 1);

    private static TicketSizeRow Size(RealSearch search, RunResult run)
    {
        Mask mask = run.Mask;
        int images = search.Data.Dataset.Test.Count;
        var reached = new MeasuredAccuracy((int)Math.Round(run.Accuracy * images), images);
        Ticket ticket = Ticket.FromRecipe(mask, StartingWeights.RecipeOf(run.Specification)!) with
        {
            Provenance = new()
            {
                Run = RunIdentity.Of(run.Specification), Studies = ["mask-criteria"], Data = search.Data.Dataset.Name,
                DataSha256 = search.Data.Dataset.Sha256, Accuracy = reached, Trained = reached,
            },
        };
        byte[] bits = Bits(mask);
        return new(
            mask.Density, Layers(mask).Sum(Entropy) / 8, ticket.Write().Length, MaskCodec.Write(mask).Length, Adaptive(mask),
            Compressor.Length("xz", bits, "-9e", "-c"), Compressor.Length("zstd", bits, "--ultra", "-22", "-c"),
            SafetensorsWriter.Write([.. NetworkTensors.Of(ticket.Weights)]).Length);
    }

    private static IEnumerable<BitSet> Layers(Mask mask) =>
        Enumerable.Range(0, mask.Network.Parameters.Length).Select(p => mask[p]).OfType<BitSet>();

    private static double Entropy(BitSet bits)
    {
        double kept = bits.Count(), pruned = bits.Length - kept;
        return kept == 0 || pruned == 0 ? 0 : -kept * Math.Log2(kept / bits.Length) - pruned * Math.Log2(pruned / bits.Length);
    }

    private static byte[] Bits(Mask mask)
    {
        bool[] all = [.. Layers(mask).SelectMany(bits => Enumerable.Range(0, bits.Length).Select(i => bits[i]))];
        return [.. all.Chunk(8).Select(eight => (byte)eight.Select((bit, i) => bit ? 1 << i : 0).Sum())];
    }

    // The estimate of Krichevsky and Trofimov.
    private static int Adaptive(Mask mask)
    {
        var coder = new BinaryEncoder();
        foreach (BitSet bits in Layers(mask))
        {
            long kept = 0;
            for (int i = 0; i < bits.Length; i++)
            {
                coder.Code(bits[i], (int)Math.Clamp((2 * kept + 1) * 65_536 / (2 * i + 2), 1, 65_535));
                if (bits[i]) kept++;
            }
        }
        return coder.End().Length;
    }

    private static IEnumerable<TicketSpeedRow> Speeds(Weights trained, Mask mask, int rounds)
    {
        Weights kept = trained.Clone();
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; mask[p] is { } bits && i < bits.Length; i++)
                if (!bits[i]) kept[p][i] = 0;
        ulong seed = 1; // another each time: what was drawn last may be remembered
        yield return Speed("recipe", mask, rounds, () => Ticket.FromRecipe(mask, new() { Seed = seed++ }));
        yield return Speed("recipe, constants", mask, rounds, () => Ticket.FromRecipe(mask, new() { Seed = seed++, Mask1 = "constant-same-sign" }));
        foreach (ValueFormat format in Enum.GetValues<ValueFormat>())
            yield return Speed($"trained, {format.ToString().ToLowerInvariant()}", mask, rounds, () => Ticket.FromTrained(mask, kept, format));
        yield return Speed("signed", mask, rounds, () => Ticket.FromSigns(mask, kept));
    }

    private static TicketSpeedRow Speed(string kind, Mask mask, int rounds, Func<Ticket> make)
    {
        byte[] file = [];
        double[][] seconds = Rounds.InTurn(rounds + 1, () => Timed(() => file = make().Write()), () =>
        {
            if (kind.StartsWith("recipe", StringComparison.Ordinal)) make(); // so that the seed in the file is not the last one drawn
            return Timed(() => Ticket.Read(file));
        });
        double Rate(int side) => mask.Network.PrunableCount / Rounds.Median(seconds[side][1..]) / 1e6;
        return new(kind, mask.Density, file.Length, Rate(0), Rate(1));
    }

    private static double Timed(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
