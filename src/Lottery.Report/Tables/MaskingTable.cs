using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5) in numbers: a row for each cell and level, densest first. A
/// share is that of the pruned weights for which 0 is nearer to where training took them than where they started was.
/// </summary>
/// <param name="Axes">What varies.</param>
/// <param name="Rows">Densest first, then in the order of the cells.</param>
public sealed record MaskingTable(ImmutableArray<string> Axes, ImmutableArray<MaskingRow> Rows)
{
    /// <summary>The most replicates that any row has.</summary>
    public int Replicates => Rows.Max(row => row.All.Pruned.Count);

    /// <summary>The table of some cells; runs of one level and seed are replicates of a row.</summary>
    public static MaskingTable Of(ImmutableArray<string> axes, IEnumerable<MaskingGroup> groups) => new(axes,
    [
        .. groups.SelectMany(group => group.Runs.GroupBy(run => run.Level).Select(level => Row(group.Values, [.. level])))
            .OrderBy(row => row.Level),
    ]);

    private static MaskingRow Row(ImmutableArray<string> values, MaskedRun[] runs) => new(
        values, runs[0].Level, runs.Average(run => run.Density),
        Estimate.FromValues([.. runs.Select(run => run.InitialAccuracy)]),
        Shares([.. runs.Select(run => run.Layers.Values.ToArray())]),
        [.. runs[0].Layers.Keys.Select(layer => (layer, Shares([.. runs.Select(run => new[] { run.Layers[layer] })])))]);

    private static MaskingShares Shares(MaskingMetrics[][] runs)
    {
        // A layer in which a run prunes nothing has no share there.
        MaskingMetrics[][] pruning = [.. runs.Where(layers => layers.Sum(layer => layer.Pruned) > 0)];
        double[] pruned = [.. pruning.Select(layers => MaskingMetrics.Fraction(layers))];
        double[] random = [.. pruning.Select(layers => MaskingMetrics.RandomFraction(layers))];
        return new(Estimate.FromValues(pruned), Estimate.FromValues(random), PairedDifference.FromValues([.. pruned.Zip(random, (a, b) => a - b)]));
    }
}

/// <summary>The pruned runs of one cell.</summary>
/// <param name="Values">Its values, one an axis.</param>
/// <param name="Runs">Its runs of all levels and seeds.</param>
public sealed record MaskingGroup(ImmutableArray<string> Values, ImmutableArray<MaskedRun> Runs);

/// <summary>What a run says of its own mask.</summary>
/// <param name="Level">1 or more.</param>
/// <param name="Density">Kept ÷ all prunable weights, 0–1.</param>
/// <param name="InitialAccuracy">Validation accuracy at the first step, 0–1; NaN where it is not known.</param>
/// <param name="Layers">The counts of each layer, by its parameter's name.</param>
public sealed record MaskedRun(
    int Level, double Density, double InitialAccuracy, ImmutableSortedDictionary<string, MaskingMetrics> Layers);

/// <summary>One cell at one level.</summary>
/// <param name="Values">Its values, one an axis.</param>
/// <param name="Level">1 or more.</param>
/// <param name="Density">Kept ÷ all prunable weights, 0–1.</param>
/// <param name="InitialAccuracy">Validation accuracy at the first step.</param>
/// <param name="All">The shares of all layers together.</param>
/// <param name="Layers">Those of each layer, by its parameter's name.</param>
public sealed record MaskingRow(
    ImmutableArray<string> Values, int Level, double Density, Estimate InitialAccuracy, MaskingShares All,
    ImmutableArray<(string Layer, MaskingShares Shares)> Layers);

/// <summary>Shares over replicates, 0–1.</summary>
/// <param name="Pruned">Of the weights that were pruned.</param>
/// <param name="Random">What a random mask of the same counts is expected to have.</param>
/// <param name="Difference">The first − the second, paired by run.</param>
public sealed record MaskingShares(Estimate Pruned, Estimate Random, PairedDifference Difference);
