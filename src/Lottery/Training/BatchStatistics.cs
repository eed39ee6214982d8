using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>
/// Estimates the running mean and variance of batch normalizations anew, as for weights that were masked after training: the
/// average over batches of training examples, each normalized by its own statistics, without dropout. No weight changes.
/// </summary>
internal static class BatchStatistics
{
    /// <summary>Examples in a batch.</summary>
    public const int Batch = BatchTiles.MaxLanes;

    /// <summary>The part of a running value that comes from the last batch: PyTorch's momentum.</summary>
    private const double Momentum = 0.1;

    /// <summary>True for a network with running statistics.</summary>
    public static bool AreIn(Network network) => network.Parameters.Any(parameter => !parameter.Trained);

    /// <summary>The weights with new statistics.</summary>
    /// <param name="mask">Which weights are kept.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="train">The training examples, of which the first batches of a fixed random order are used.</param>
    /// <param name="batches">The number of batches, at least 1.</param>
    /// <exception cref="UserException">There are fewer examples.</exception>
    public static Weights Estimate(Mask mask, Weights weights, Examples train, int batches)
    {
        if ((long)batches * Batch > train.Count)
            throw new UserException($"{batches} batches of {Batch} are more than the {train.Count} training examples; use at most {train.Count / Batch}.");
        Network network = WithoutDropout(mask.Network);
        int[] order = new RandomStream(0, "recalibrate").Permutation(train.Count);
        int[] statistics = [.. Enumerable.Range(0, network.Parameters.Length).Where(p => !network.Parameters[p].Trained)];
        double[][] sums = [.. statistics.Select(p => new double[network.Parameters[p].Count])];
        Weights current = Copy(weights, network);
        var plain = new Mask(network, [.. Enumerable.Range(0, network.Parameters.Length).Select(p => mask[p])]);
        using var plan = new CompiledPlan(network, plain, KernelRegistry.Kernels, frozen: !mask.IsZeroWherePruned(weights));
        using TensorBuffers x = plan.Allocate(Batch);
        var source = new BatchSource(plan, x);
        for (int batch = 0; batch < batches; batch++)
        {
            // From running values of 0, a batch leaves its own times the momentum.
            foreach (int p in statistics) current[p].Clear();
            plan.Load(current);
            source.Fill(train, order.AsSpan(batch * Batch, Batch), []);
            plan.Forward(plan.Training(x, seed: 0, step: 0));
            Weights after = plan.Save();
            foreach ((int i, int p) in statistics.Index())
                for (int c = 0; c < sums[i].Length; c++) sums[i][c] += after[p][c] / Momentum;
        }
        Weights estimated = weights.Clone();
        foreach ((int i, int p) in statistics.Index())
            for (int c = 0; c < sums[i].Length; c++) estimated[p][c] = (float)(sums[i][c] / batches);
        return estimated;
    }

    private static Weights Copy(Weights weights, Network network)
    {
        var copy = new Weights(network);
        for (int p = 0; p < network.Parameters.Length; p++) weights[p].CopyTo(copy[p]);
        return copy;
    }

    private static Network WithoutDropout(Network network) => new(network.Name, network.Input, WithoutDropout(network.Layers), network.Initial);

    private static ImmutableArray<Layer> WithoutDropout(ImmutableArray<Layer> layers) =>
    [
        .. layers.Where(layer => layer is not Dropout).Select(layer =>
            layer is Residual block ? block with { Body = WithoutDropout(block.Body), Shortcut = WithoutDropout(block.Shortcut) } : layer),
    ];
}
