using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>What is measured of a training besides its evaluations: training accuracy, and the test set on the way.</summary>
public sealed class MeasurementTests
{
    private static readonly TrainingSpecification s_tested = SmallSearch.Restless with { Measurements = new() { TestAt = [0, 7, 30, 60], TrainingSample = 50 } };

    [Fact]
    public void The_training_accuracy_is_that_of_a_sample_of_the_examples_trained_on()
    {
        RunResult run = Dense(s_tested);
        int[] trained = SmallSearch.Data.Training.ToArray();
        int[] sample = [.. RandomSubset.Choose(trained, 50, new(1, "training-sample"))];
        Assert.Equal((50, 0), (sample.Distinct().Count(), sample.Except(trained).Count()));
        Assert.Equal((Accuracy(run.Best, sample), Accuracy(run.Final, sample)), (run.Metrics.TrainingAccuracy, run.Metrics.FinalTrainingAccuracy));
        Assert.NotEqual(run.Metrics.TrainingAccuracy, run.Metrics.FinalTrainingAccuracy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(919)]
    [InlineData(5_000)]
    public void Of_all_examples_or_of_more_than_there_are_every_one_counts(int? sample)
    {
        RunResult run = Dense(SmallSearch.Restless with { Measurements = new() { TrainingSample = sample } });
        double all = Accuracy(run.Final, SmallSearch.Data.Training.ToArray());
        Assert.Equal(sample != 919, run.Metrics.FinalTrainingAccuracy == all);
    }

    [Fact]
    public void The_test_set_on_the_way_is_that_of_a_training_which_ends_there()
    {
        RunResult run = Dense(s_tested);
        Assert.Equal([0, 7, 30, 60], run.Metrics.Tested.Select(tested => tested.Step));
        foreach (TestedStep tested in run.Metrics.Tested.Where(tested => tested.Step > 0))
        {
            TrainingMetrics there = Dense(SmallSearch.Restless with { Steps = tested.Step }).Metrics;
            Assert.Equal((there.FinalAccuracy, there.FinalLoss), (tested.Accuracy, tested.Loss));
        }
    }

    [Fact]
    public void Measurements_change_no_bit_and_no_early_stopping_step()
    {
        RunResult measured = Dense(s_tested), plain = Dense(SmallSearch.Restless);
        Assert.Equal((Fingerprint.Of(plain.Final), Fingerprint.Of(plain.Best)), (Fingerprint.Of(measured.Final), Fingerprint.Of(measured.Best)));
        Assert.Equal(plain.Evaluations.Select(one => (one.Step, one.Loss)), measured.Evaluations.Select(one => (one.Step, one.Loss)));
        Assert.Equal((plain.EarlyStopStep, plain.Accuracy), (measured.EarlyStopStep, measured.Accuracy));
    }

    [Fact]
    public void A_learned_supermask_is_measured_by_sampled_masks_and_trains_on_undisturbed()
    {
        TrainingSpecification tested = SmallSupermask.WithSgd with { Measurements = new() { TestAt = [3, 30] } };
        RunResult measured = SmallSupermask.Of(training: tested).Run(1), plain = SmallSupermask.Of().Run(1);
        Assert.Equal(Fingerprint.Of(plain.Scores!.Final), Fingerprint.Of(measured.Scores!.Final));
        TrainingMetrics short_ = SmallSupermask.Of(training: SmallSupermask.WithSgd with { Steps = 3 }).Run(1).Metrics;
        Assert.Equal([(3, short_.FinalAccuracy), (30, plain.Metrics.FinalAccuracy)], measured.Metrics.Tested.Select(one => (one.Step, one.Accuracy)));
        Assert.InRange(measured.Metrics.FinalTrainingAccuracy, 0.2, 1);
    }

    [Fact]
    public void A_rewound_training_is_tested_from_its_first_step_on()
    {
        TicketSearch search = SmallSearch.Of(s_tested, pruning: new() { Levels = 1, Fc = 0.5m, Output = 0.5m, RewindTo = 30 });
        Assert.Equal([30, 60], search.Run(1).Last().Ticket.Metrics.Tested.Select(tested => tested.Step));
    }

    [Fact]
    public void An_untrained_mask_is_measured_once()
    {
        TicketSearch search = SmallSearch.Of(s_tested, pruning: new() { Levels = 2, Fc = 0.5m, Output = 0.5m, Untrained = true });
        RunResult mask = search.Run(1).Last().Ticket;
        Assert.Equal([(0, mask.Accuracy)], mask.Metrics.Tested.Select(tested => (tested.Step, tested.Accuracy)));
        Assert.Equal(mask.Metrics.TrainingAccuracy, mask.Metrics.FinalTrainingAccuracy);
    }

    [Fact]
    public void A_test_after_the_last_step_is_refused() => Assert.Equal(
        "The test at step 61 is not within the 60 steps of a training; test at an earlier step.",
        Assert.Throws<UserException>(() => Dense(SmallSearch.Restless with { Measurements = new() { TestAt = [3, 61] } })).Message);

    [Fact]
    public void An_interrupted_training_has_the_measurements_of_an_undisturbed_one()
    {
        RunResult whole = Dense(s_tested);
        for (int steps = 1; steps < 90; steps += 4)
        {
            var kept = new MemoryRunStore();
            RunResult? run = null;
            while (run is null)
            {
                using var stop = new CancellationTokenSource();
                try
                {
                    run = Of(s_tested, new Search.InterruptedRuns(kept, steps, stop)).Run(1, stop.Token).Single().Ticket;
                }
                catch (OperationCanceledException)
                {
                    // The next session goes on.
                }
            }
            Assert.Equal(whole.Metrics.Tested.AsEnumerable(), run.Metrics.Tested);
            Assert.Equal(whole.Metrics.TrainingAccuracy, run.Metrics.TrainingAccuracy);
        }
    }

    /// <summary>Another order changes what is trained, but neither the weights that it begins with nor what is held out.</summary>
    [Fact]
    public void The_order_has_a_seed_of_its_own()
    {
        RunResult own = Dense(SmallSearch.WithAdam), same = Dense(SmallSearch.WithAdam with { OrderSeed = 1 }), other = Dense(SmallSearch.WithAdam with { OrderSeed = 2 });
        Assert.Equal(Fingerprint.Of(own.Final), Fingerprint.Of(same.Final));
        Assert.Equal(Fingerprint.Of(own.Initial), Fingerprint.Of(other.Initial));
        Assert.NotEqual(own.BatchOrders.AsEnumerable(), other.BatchOrders);
        Assert.NotEqual(Fingerprint.Of(own.Final), Fingerprint.Of(other.Final));
        Assert.Equal(other.BatchOrders.AsEnumerable(), SmallSearch.Of(SmallSearch.WithAdam with { OrderSeed = 2 }, pruning: new()).Run(7).Single().Ticket.BatchOrders);
    }

    private static double Accuracy(Weights weights, int[] examples)
    {
        var plain = new PlainNetwork(Mask.Full(weights.Network), weights);
        Examples train = SmallSearch.Data.Dataset.Train;
        return (double)examples.Count(i => plain.Scores(train, i) is var scores && Array.IndexOf(scores, scores.Max()) == train.Labels.Span[i]) / examples.Length;
    }

    private static RunResult Dense(TrainingSpecification training) => Of(training).Run(1).Single().Ticket;

    private static TicketSearch Of(TrainingSpecification training, IRunStore? runs = null) => SmallSearch.Of(training, runs, pruning: new() { Levels = 0 });
}
