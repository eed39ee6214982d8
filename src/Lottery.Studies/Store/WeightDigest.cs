using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;

namespace Lottery.Studies.Store;

/// <summary>
/// What charts need of a run's weights, so that they need not read them: counted when the run finishes and kept beside
/// it in a few kilobytes.
/// </summary>
/// <param name="Layers">One for each prunable parameter, in the network's order.</param>
public sealed record WeightDigest(ImmutableArray<LayerDigest> Layers)
{
    /// <summary>About so many weights are sampled in all, but a layer has at least a tenth of that where it can.</summary>
    private const int Sampled = 2_000;

    /// <summary>The digest of a run.</summary>
    public static WeightDigest Of(RunResult run)
    {
        Network network = run.Mask.Network;
        int[] prunable = [.. network.Parameters.Index().Where(tensor => tensor.Item.Prunable).Select(tensor => tensor.Index)];
        int each = Math.Max(Sampled / 10, Sampled / Math.Max(1, prunable.Length));
        return new([.. prunable.Select((p, i) => LayerDigest.Of(run, p, each, isFirst: i == 0))]);
    }
}

/// <summary>One layer's weights, summed up.</summary>
public sealed record LayerDigest
{
    /// <summary>Bins of a histogram.</summary>
    public const int Bins = 81;

    /// <summary>The parameter's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its weights.</summary>
    public required int Count { get; init; }

    /// <summary>Its kept weights.</summary>
    public required int Kept { get; init; }

    /// <summary>
    /// The width of a histogram's bin: a quarter of the standard deviation that the layer's weights are drawn with. Bin k
    /// is centred at (k − 40) widths; the first and the last hold what lies beyond.
    /// </summary>
    public required double Width { get; init; }

    /// <summary>How many kept weights start in each bin.</summary>
    public required ImmutableArray<int> Initial { get; init; }

    /// <summary>How many kept weights end in each bin.</summary>
    public required ImmutableArray<int> Final { get; init; }

    /// <summary>What <see cref="KeptByInput"/> is laid out as: channels, rows, columns; empty but for the first layer.</summary>
    public required ImmutableArray<int> Grid { get; init; }

    /// <summary>
    /// Kept weights at each place of the input (of a convolution: of its kernel), over all outputs; of the first layer alone.
    /// </summary>
    public required ImmutableArray<int> KeptByInput { get; init; }

    /// <summary>
    /// Some weights, at places spread over the layer that are the same in every run of the network: where a weight
    /// started, where it ended, and whether it was kept.
    /// </summary>
    public required ImmutableArray<SampledWeight> Sample { get; init; }

    /// <summary>The digest of the parameter at <paramref name="p"/>.</summary>
    internal static LayerDigest Of(RunResult run, int p, int sampled, bool isFirst)
    {
        Parameter parameter = run.Mask.Network.Parameters[p];
        BitSet kept = run.Mask[p]!;
        double width = run.Mask.Network.Initial.Deviation(parameter) / 4;
        int[] grid = isFirst ? GridOf(parameter, run.Mask.Network.Input) : [];
        return new()
        {
            Name = parameter.Name,
            Count = parameter.Count,
            Kept = kept.Count(),
            Width = width,
            Initial = Histogram(run.Initial[p], kept, width),
            Final = Histogram(run.Final[p], kept, width),
            Grid = [.. grid],
            KeptByInput = isFirst ? CountByInput(kept, grid.Aggregate(1, (product, size) => product * size)) : [],
            Sample = SampleOf(run.Initial[p], run.Final[p], kept, sampled),
        };
    }

    private static ImmutableArray<int> Histogram(ReadOnlySpan<float> values, BitSet kept, double width)
    {
        var counts = new int[Bins];
        for (int i = 0; i < values.Length; i++)
            // A training that diverged has weights that are no numbers, and no bin.
            if (kept[i] && !float.IsNaN(values[i]))
                counts[(int)Math.Clamp(Math.Round(values[i] / width) + Bins / 2, 0, Bins - 1)]++;
        return [.. counts];
    }

    /// <summary>A weight's place in its row (all that follows the output) is its place in the input.</summary>
    private static ImmutableArray<int> CountByInput(BitSet kept, int places)
    {
        var counts = new int[places];
        for (int i = 0; i < kept.Length; i++)
            if (kept[i]) counts[i % places]++;
        return [.. counts];
    }

    /// <summary>A kernel's own shape; of a linear layer the image's, where its inputs are one, square and perhaps in colour.</summary>
    private static int[] GridOf(Parameter parameter, Shape input)
    {
        if (parameter.Shape.Length == 4) return [parameter.Shape[1], parameter.Shape[2], parameter.Shape[3]];
        int inputs = parameter.Count / parameter.Shape[0];
        if (!input.IsFlat && input.Count == inputs) return [input.Channels, input.Height, input.Width];
        foreach (int channels in (int[])[1, 3])
            if ((int)Math.Round(Math.Sqrt((double)inputs / channels)) is var side && channels * side * side == inputs)
                return [channels, side, side];
        return [1, 1, inputs];
    }

    /// <summary>Steps of the golden ratio fall evenly on the layer, however its rows are long.</summary>
    private static ImmutableArray<SampledWeight> SampleOf(
        ReadOnlySpan<float> initial, ReadOnlySpan<float> final, BitSet kept, int sampled)
    {
        const double Golden = 0.6180339887498949;
        int count = Math.Min(sampled, kept.Length);
        var sample = ImmutableArray.CreateBuilder<SampledWeight>(count);
        for (int k = 0; k < count; k++)
        {
            int place = count == kept.Length ? k : (int)((k + 0.5) * Golden % 1.0 * kept.Length);
            sample.Add(new(initial[place], final[place], kept[place]));
        }
        return sample.MoveToImmutable();
    }
}

/// <summary>One weight of a sample.</summary>
/// <param name="Initial">Where it started.</param>
/// <param name="Final">Where it ended.</param>
/// <param name="Kept">Whether the run's mask kept it.</param>
public readonly record struct SampledWeight(float Initial, float Final, bool Kept);
