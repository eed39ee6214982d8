using Lottery.Actions;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Search;

public sealed class SupermaskSearchTests
{
    private static readonly TrainingSpecification s_longer = SmallSupermask.WithSgd with { Steps = 400, Evaluate = 20 };

    [Theory]
    [InlineData(SupermaskWeights.Initial, false)]
    [InlineData(SupermaskWeights.Initial, true)]
    [InlineData(SupermaskWeights.SignedConstant, false)]
    [InlineData(SupermaskWeights.SignedConstant, true)]
    public void A_mask_is_learned_and_no_weight_moves(SupermaskWeights weights, bool rescale)
    {
        RunResult run = SmallSupermask.Of(weights, rescale, training: s_longer).Run(1);
        Weights drawn = InitialWeights.Sample(SmallSearch.Network, 1);
        Weights frozen = weights == SupermaskWeights.Initial ? drawn : MaskActions.Apply(
            Mask.Full(SmallSearch.Network), drawn, null, Mask1.ConstantSameSign, Mask0.Zero, 1, 0);
        Assert.Equal(Fingerprint.Of(frozen), Fingerprint.Of(run.Initial));
        Assert.True(run.Accuracy > run.Evaluations[0].Accuracy + 0.2, $"{run.Evaluations[0].Accuracy} became {run.Accuracy}.");
        Assert.InRange(run.Metrics.Thresholded!.Accuracy, run.Evaluations[0].Accuracy + 0.2, 1);
        Assert.NotEqual(run.Metrics.Thresholded.Loss, run.Metrics.Loss);
    }

    [Fact]
    public void The_mask_is_what_the_best_scores_say_and_the_shares_are_there_at_every_look()
    {
        RunResult run = SmallSupermask.Of(training: s_longer).Run(1);
        Assert.Equal(21, run.Evaluations.Length);
        Assert.Equal(new KeptFractions(0.5, 0), run.Evaluations[0].Kept);
        Evaluation best = run.Evaluations.Single(evaluation => evaluation.Step == run.EarlyStopStep);
        Assert.Equal(run.Mask.Density, best.Kept!.Thresholded, 1e-12);
        for (int p = 0; p < run.Mask.Network.Parameters.Length; p++)
            for (int k = 0; k < run.Scores!.Best[p].Length; k++)
                Assert.Equal(run.Scores.Best[p][k], run.Mask[p] is null ? 0 : run.Scores.Best[p][k]);
        Assert.Equal(run.Mask, ScoreMask.MostProbable(run.Scores!.Best));
        Assert.Equal((run.Initial.Sha256, run.Initial.Sha256), (run.Best.Sha256, run.Final.Sha256));
    }

    /// <summary>The accuracy of the most probable mask is that of a plain network with its weights, rescaled or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_most_probable_mask_does_what_its_network_does(bool rescale)
    {
        RunResult run = SmallSupermask.Of(rescale: rescale).Run(1);
        Weights masked = run.Initial.Clone();
        for (int p = 0; p < masked.Network.Parameters.Length; p++)
        {
            if (run.Mask[p] is not { } kept) continue;
            double factor = rescale ? (double)kept.Length / Math.Max(1, kept.Count()) : 1;
            for (int k = 0; k < kept.Length; k++) masked[p][k] = kept[k] ? (float)(masked[p][k] * factor) : 0;
        }
        var plain = new PlainNetwork(Mask.Full(masked.Network), masked);
        var test = SmallSearch.Data.Dataset.Test;
        int[] all = [.. Enumerable.Range(0, test.Count)];
        Assert.Equal(plain.Loss(test, all), run.Metrics.Thresholded!.Loss, 1e-5);
    }

    [Fact]
    public void Without_a_step_every_score_is_even()
    {
        RunResult run = SmallSupermask.Of(training: SmallSupermask.WithSgd with { Steps = 0 }).Run(1);
        Assert.Equal(0, run.Mask.Kept);
        Assert.Equal(run.Metrics.Loss, run.Metrics.FinalLoss);
        Assert.Equal(Math.Log(5), run.Metrics.Thresholded!.Loss, 1e-6);
    }

    [Fact]
    public void Looking_more_often_changes_no_score()
    {
        RunResult often = SmallSupermask.Of(training: SmallSupermask.WithSgd with { Evaluate = 1 }).Run(1);
        RunResult seldom = SmallSupermask.Of(training: SmallSupermask.WithSgd with { Evaluate = 1000 }).Run(1);
        Assert.Equal(Fingerprint.Of(seldom.Scores!.Final), Fingerprint.Of(often.Scores!.Final));
        Assert.Equal(seldom.Metrics.FinalLoss, often.Metrics.FinalLoss);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(20, false)]
    [InlineData(5, true)]
    [InlineData(17, true)]
    public void Stopped_and_gone_on_it_finds_the_same_bits(int steps, bool crash)
    {
        string atOnce = Fingerprint.Of([SmallSupermask.Of().Run(1)]);
        var kept = new MemoryRunStore();
        for (int resumed = 0; ;)
        {
            using var source = new CancellationTokenSource();
            var runs = new InterruptedRuns(kept, steps, crash ? null : source);
            try
            {
                Assert.Equal(atOnce, Fingerprint.Of([SmallSupermask.Of(runs: runs).Run(1, source.Token)]));
                Assert.InRange(resumed + runs.Resumed, 1, int.MaxValue);
                return;
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or IOException)
            {
                resumed += runs.Resumed;
            }
        }
    }

    [Fact]
    public void What_is_there_is_not_learned_again()
    {
        var runs = new MemoryRunStore();
        RunResult first = SmallSupermask.Of(runs: runs).Run(1);
        Assert.Same(first, SmallSupermask.Of(runs: runs).Run(1));
        Assert.NotSame(first, SmallSupermask.Of(rescale: false, runs: runs).Run(1));
    }

    [Fact]
    public void Averages_over_batches_are_refused()
    {
        var search = new SupermaskSearch(NetworkCatalogue.Get("resnet-20"), SmallSearch.Data) { Training = SmallSupermask.WithSgd };
        var refusal = Assert.Throws<UserException>(() => search.Plan(1));
        Assert.Contains("use a network without batch normalization", refusal.Message, StringComparison.Ordinal);
    }
}
