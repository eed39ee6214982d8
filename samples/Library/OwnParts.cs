using Lottery.Actions;
using Lottery.Data;
using Lottery.Formats.Networks;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Samples;

/// <summary>A search whose network, data, mask-1 action and place for results are the user's own.</summary>
internal static class OwnParts
{
    /// <summary>A network in code; <see cref="NetworkFile"/> reads one from YAML.</summary>
    public static Network Network() => new NetworkBuilder(new Shape(1, 8, 8))
        .Convolution(16, kernel: 3).BatchNormalization().Relu()
        .DepthwiseConvolution(kernel: 3).Relu()
        .Residual(body => body.Convolution(16, kernel: 3).Relu())
        .MaxPool(2).Flatten().Linear(32).Relu().Dropout(0.1).Output(10)
        .Build("small", InitialDistribution.HeNormal);

    /// <summary>Examples in memory.</summary>
    public static SplitDataset Data(byte[] images, byte[] labels)
    {
        var examples = new Examples(images, labels, Features: 64) { Shape = new(1, 8, 8) };
        return Dataset.Create("digits", classes: 10, train: examples, test: examples).Split(validation: 100, seed: 1, Scaling.MeanStd);
    }

    public static IEnumerable<Level> Search(SplitDataset data, IRunStore runs, IProgress<RunProgress> progress, CancellationToken cancellationToken) =>
        new TicketSearch(Network(), data)
        {
            Criterion = new SmallestColumns(),
            Mask1 = new Halve(),
            Mask0 = Mask0.Zero,
            Pruning = new() { Levels = 3, Conv = 0.2m, Scope = PruneScope.Network, Schedule = PruneSchedule.Iterative, RewindTo = 100 },
            Training = new()
            {
                Optimizer = Optimizer.Sgd(0.1, momentum: 0.9), Steps = 1_000, Evaluate = 100,
                Schedule = new() { At = [500, 750], Factor = 0.1, WarmUp = 100 },
            },
            Controls = [Control.Reinit, Control.RandomMask],
            Runs = runs,
            Progress = progress,
        }.Run(seed: 1, cancellationToken);

    /// <summary>A search that begins with half of the weights, chosen at random.</summary>
    public static StartingPoint RandomHalf(Network network, ulong seed)
    {
        var bits = network.Parameters.Select(parameter =>
        {
            if (!parameter.Prunable) return null;
            var kept = new BitSet(parameter.Count);
            foreach (int index in new RandomStream(seed, parameter.Name).Permutation(parameter.Count).AsSpan(0, parameter.Count / 2)) kept[index] = true;
            return kept;
        });
        return new(new Mask(network, [.. bits]), initial: InitialWeights.Sample(network, seed));
    }

    /// <summary>Halves kept weights.</summary>
    private sealed record Halve() : Mask1("halve")
    {
        public override void Apply(in ActionContext context, Span<float> start)
        {
            for (int i = 0; i < start.Length; i++)
                if (context.Kept[i]) start[i] /= 2;
        }
    }

    /// <summary>Scores a weight by the distance that its layer's weights moved on average.</summary>
    private sealed record SmallestColumns() : Criterion("layer-movement")
    {
        public override void Score(in KeptWeights weights, Span<double> scores)
        {
            double sum = 0;
            for (int i = 0; i < scores.Length; i++) sum += scores[i] = Math.Abs(weights.Final[i] - weights.Initial[i]);
            foreach (ref double score in scores) score /= sum;
        }
    }
}
