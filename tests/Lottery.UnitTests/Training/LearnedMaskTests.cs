using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Training;

/// <summary>A mask that is learned: what is sampled, and how scores move.</summary>
public sealed class LearnedMaskTests
{
    public static MatrixTheoryData<string, bool, int> NetworksAndBatches { get; } =
        new(["mlp:9-7-6-3", "mlp:37-24-5", "mlp:20-3"], [false, true], [1, 16, 70]);

    /// <summary>
    /// The loss as a function of one entry of the sampled mask, rescaling factor included, in double precision: its finite
    /// difference times the sigmoid's slope is how plain SGD at rate 1 moves that score.
    /// </summary>
    [Theory]
    [MemberData(nameof(NetworksAndBatches))]
    public void A_score_moves_by_the_finite_difference_through_its_sample(string network, bool rescale, int batch)
    {
        var one = new PlanCase(network, "000", batch, Seed: 11);
        using CompiledPlan plan = Plan(one);
        using SupermaskParametrization mask = Of(plan, rescale);
        Weights before = SomeScores(one.Network);
        mask.Load(before, mask.Trained.Span);
        mask.Sample("step", 3);
        Weights sampled = plan.Save();
        using var step = new TrainingStep(plan, mask, batch);
        step.Run(one.Examples, one.Indices(0), [], 1, 1);
        Weights after = plan.Layout.Save(mask.Trained.Span);

        var plain = new PlainMaskedLoss(one, sampled, rescale);
        for (int i = 0; i < one.Network.Parameters.Length; i++)
            for (int k = 0; k < before[i].Length; k++)
            {
                double p = 1 / (1 + Math.Exp(-before[i][k])), expected = i % 2 == 1 ? 0 : p * (1 - p) * plain.Derivative(i, k);
                Assert.Equal(before[i][k] - expected, after[i][k], 3e-6);
            }
        Assert.InRange(plain.NearestToKink, 1e-5, double.PositiveInfinity);
    }

    [Fact]
    public void A_weight_is_kept_as_often_as_its_score_says()
    {
        const int Samples = 4000;
        var one = new PlanCase("mlp:37-24-5", "000", 1, Seed: 4);
        using CompiledPlan plan = Plan(one);
        using SupermaskParametrization mask = Of(plan, rescale: false);
        Weights scores = SomeScores(one.Network), kept = new(one.Network);
        mask.Load(scores, mask.Trained.Span);
        for (int sample = 0; sample < Samples; sample++)
        {
            mask.Sample("step", sample);
            Weights masked = plan.Save();
            for (int k = 0; k < kept[0].Length; k++) kept[0][k] += masked[0][k] != 0 ? 1 : 0;
        }
        double squares = 0;
        for (int k = 0; k < kept[0].Length; k++)
        {
            double p = 1 / (1 + Math.Exp(-scores[0][k])), deviations = (kept[0][k] - Samples * p) / Math.Sqrt(Samples * p * (1 - p));
            Assert.InRange(deviations, -5, 5);
            squares += deviations * deviations;
        }
        // Independent draws: the squares' sum is near their number, within five of its deviations.
        Assert.Equal(kept[0].Length, squares, 5 * Math.Sqrt(2.0 * kept[0].Length));
    }

    [Fact]
    public void Each_use_step_layer_and_seed_draws_its_own()
    {
        var one = new PlanCase("mlp:16-16-16", "000", 1, Seed: 4);
        using CompiledPlan plan = Plan(one);
        var seen = new HashSet<string>();
        foreach (ulong seed in (ulong[])[1, 2])
        {
            using var mask = new SupermaskParametrization(new(), Optimizer.Sgd(1), plan, seed);
            foreach (string use in (string[])["step", "look", "test"])
                for (int number = 0; number < 3; number++)
                {
                    mask.Sample(use, number);
                    Weights masked = plan.Save();
                    for (int i = 0; i < 4; i += 2)
                        seen.Add(string.Concat(masked[i].ToArray().Select(value => value != 0 ? '1' : '0')));
                    plan.Load(one.Start());
                }
        }
        Assert.Equal(2 * 3 * 3 * 2, seen.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kept_weights_are_the_frozen_ones_times_the_factor_of_their_layer(bool rescale)
    {
        var one = new PlanCase("mlp:37-24-5", "000", 1, Seed: 4);
        using CompiledPlan plan = Plan(one);
        using SupermaskParametrization mask = Of(plan, rescale);
        mask.Load(SomeScores(one.Network), mask.Trained.Span);
        foreach (bool likely in (bool[])[false, true])
        {
            if (likely) mask.Threshold();
            else mask.Sample("look", 0);
            Weights start = one.Start(), masked = plan.Save(), scores = SomeScores(one.Network);
            for (int i = 0; i < one.Network.Parameters.Length; i++)
            {
                float[] values = masked[i].ToArray();
                double factor = rescale && i % 2 == 0 ? (double)values.Length / values.Count(value => value != 0) : 1;
                for (int k = 0; k < values.Length; k++)
                {
                    bool kept = values[k] != 0;
                    if (likely && i % 2 == 0) Assert.Equal(scores[i][k] > 0, kept);
                    Assert.Equal(kept ? start[i][k] * (float)factor : 0, values[k]);
                }
            }
        }
    }

    [Fact]
    public void Shares_are_the_mean_probability_and_the_positive_scores()
    {
        var one = new PlanCase("mlp:37-24-5", "000", 1, Seed: 4);
        using CompiledPlan plan = Plan(one);
        using SupermaskParametrization mask = Of(plan, rescale: true);
        Assert.Equal(new KeptFractions(0.5, 0), mask.Kept());
        Weights scores = SomeScores(one.Network);
        mask.Load(scores, mask.Trained.Span);
        float[] all = [.. scores[0], .. scores[2]];
        Assert.Equal(all.Average(score => 1 / (1 + Math.Exp(-score))), mask.Kept().Expected, 1e-7);
        Assert.Equal(all.Count(score => score > 0) / (double)all.Length, mask.Kept().Thresholded);
    }

    [Fact]
    public void A_layer_without_a_kept_weight_is_silent_and_still_moves_to_nowhere_but_numbers()
    {
        var one = new PlanCase("mlp:9-7-3", "000", 16, Seed: 4);
        using CompiledPlan plan = Plan(one);
        using SupermaskParametrization mask = Of(plan, rescale: true);
        var never = new Weights(one.Network);
        never[0].Fill(-1000);
        mask.Load(never, mask.Trained.Span);
        mask.Sample("step", 0);
        Assert.All(plan.Save()[0].ToArray(), value => Assert.Equal(0, value));
        using var step = new TrainingStep(plan, mask, 16);
        step.Run(one.Examples, one.Indices(0), [], 1, 1);
        Weights after = plan.Layout.Save(mask.Trained.Span);
        Assert.All(after[0].ToArray(), score => Assert.Equal(-1000, score));
        Assert.All(after[2].ToArray(), score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_allocates_nothing(bool rescale)
    {
        var training = new TrainingSpecification { Optimizer = Optimizer.Sgd(10, 0.9), Steps = 15, Evaluate = 15 };
        var task = new TrainingTask
        {
            Mask = Mask.Full(SmallSearch.Network), Start = InitialWeights.Sample(SmallSearch.Network, 1), Training = training,
            Data = SmallSearch.Data, Seed = 1, Supermask = new() { Rescale = rescale },
        };
        using var trainer = new Trainer(task, CpuDevice.Default);
        Assert.NotNull(trainer.Advance());
        trainer.Advance();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 1; step < 14; step++) trainer.Advance();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static CompiledPlan Plan(PlanCase one)
    {
        var plan = new CompiledPlan(one.Network, Mask.Full(one.Network), KernelRegistry.Get(null));
        plan.Load(one.Start());
        return plan;
    }

    private static SupermaskParametrization Of(CompiledPlan plan, bool rescale) => new(new() { Rescale = rescale }, Optimizer.Sgd(1), plan, seed: 7);

    private static Weights SomeScores(Network network)
    {
        var scores = new Weights(network);
        for (int i = 0; i < network.Parameters.Length; i += 2)
        {
            var random = new RandomStream(5, $"test/scores/{i}");
            for (int k = 0; k < scores[i].Length; k++) scores[i][k] = (float)(1.5 * random.Normal(k));
        }
        return scores;
    }

    /// <summary>The mean loss of a batch, in double precision, as a function of a mask whose entries may be any numbers.</summary>
    private sealed class PlainMaskedLoss
    {
        private readonly PlanCase _one;
        private readonly PlainNetwork _network;
        private readonly double[][] _mask, _weights;
        private readonly bool _rescale;

        public PlainMaskedLoss(PlanCase one, Weights sampled, bool rescale)
        {
            (_one, _rescale, _network) = (one, rescale, new(one.Mask, one.Start()));
            _weights = [.. _network.Values.Select(values => (double[])values.Clone())];
            _mask = [.. Enumerable.Range(0, _weights.Length).Select(i => Array.ConvertAll(sampled[i].ToArray(), value => value != 0 ? 1.0 : 0))];
        }

        public double NearestToKink => _network.NearestToKink;

        public double Derivative(int i, int k)
        {
            const double Step = 1e-6;
            double before = _mask[i][k];
            _mask[i][k] = before + Step;
            double up = Loss();
            _mask[i][k] = before - Step;
            double down = Loss();
            _mask[i][k] = before;
            return (up - down) / (2 * Step);
        }

        private double Loss()
        {
            for (int i = 0; i < _mask.Length; i += 2)
            {
                double factor = _rescale ? _mask[i].Length / _mask[i].Sum() : 1;
                for (int k = 0; k < _mask[i].Length; k++) _network.Values[i][k] = _weights[i][k] * _mask[i][k] * factor;
            }
            return _network.Loss(_one.Examples, _one.Indices(0));
        }
    }
}
