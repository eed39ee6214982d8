using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;

namespace Lottery.Studies.Store;

/// <summary>
/// A summary of a run's weights in a few kilobytes, so that charts need not read all of them: computed when the run finishes.
/// </summary>
/// <param name="Layers">One for each prunable parameter, in the network's order.</param>
internal sealed record WeightDigest(ImmutableArray<LayerDigest> Layers)
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

/// <summary>A summary of one layer's weights.</summary>
internal sealed record LayerDigest
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
    /// The width of a histogram's bin: a quarter of the standard deviation of the layer's initial distribution. Bin k
    /// is centred at (k − 40) widths; the first and the last hold what lies beyond.
    /// </summary>
    public required double Width { get; init; }

    /// <summary>How many kept weights start in each bin.</summary>
    public required ImmutableArray<int> Initial { get; init; }

    /// <summary>How many kept weights end in each bin.</summary>
    public required ImmutableArray<int> Final { get; init; }

    /// <summary>The shape of <see cref="KeptByInput"/>: channels, rows, columns; empty for all but the first layer.</summary>
    public required ImmutableArray<int> Grid { get; init; }

    /// <summary>
    /// Kept weights at each position of the input (of a convolution: of its kernel), over all outputs; only of the first layer.
    /// </summary>
    public required ImmutableArray<int> KeptByInput { get; init; }

    /// <summary>
    /// A sample of weights, at indices spread over the layer that are the same in every run of the network.
    /// </summary>
    public required ImmutableArray<SampledWeight> Sample { get; init; }

    /// <summary>The digest of the parameter at <paramref name="p"/>.</summary>
    internal static LayerDigest Of(RunResult run, int p, int sampled, bool isFirst)
    {
        Parameter parameter = run.Mask.Network.Parameters[p];
        BitSet kept = run.Mask[p]!;
        double width = run.Mask.Network.Initial.StandardDeviation(parameter) / 4;
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
            // Weights of a training that diverged are NaN, which has no bin.
            if (kept[i] && !float.IsNaN(values[i]))
                counts[(int)Math.Clamp(Math.Round(values[i] / width) + Bins / 2, 0, Bins - 1)]++;
        return [.. counts];
    }

    /// <summary>A weight's index in its row (all dimensions but the output) is its index in the input.</summary>
    private static ImmutableArray<int> CountByInput(BitSet kept, int inputs)
    {
        var counts = new int[inputs];
        for (int i = 0; i < kept.Length; i++)
            if (kept[i]) counts[i % inputs]++;
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

    /// <summary>Multiples of the golden ratio spread evenly over the layer, whatever the length of its rows.</summary>
    private static ImmutableArray<SampledWeight> SampleOf(
        ReadOnlySpan<float> initial, ReadOnlySpan<float> final, BitSet kept, int sampled)
    {
        const double Golden = 0.6180339887498949;
        int count = Math.Min(sampled, kept.Length);
        var sample = ImmutableArray.CreateBuilder<SampledWeight>(count);
        for (int k = 0; k < count; k++)
        {
            int index = count == kept.Length ? k : (int)((k + 0.5) * Golden % 1.0 * kept.Length);
            sample.Add(new(initial[index], final[index], kept[index]));
        }
        return sample.MoveToImmutable();
    }
}

/// <summary>One weight of a sample.</summary>
/// <param name="Initial">Where it started.</param>
/// <param name="Final">Where it ended.</param>
/// <param name="Kept">Whether the run's mask kept it.</param>
internal readonly record struct SampledWeight(float Initial, float Final, bool Kept);
