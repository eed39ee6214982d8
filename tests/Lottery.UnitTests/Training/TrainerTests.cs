using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void The_early_stopping_step_is_the_first_smallest_validation_loss()
    {
        RunResult run = Dense(SmallSearch.Restless);
        Assert.Equal(Enumerable.Range(0, 13).Select(i => 5 * i), run.Evaluations.Select(evaluation => evaluation.Step));
        Evaluation best = run.Evaluations.First(evaluation => run.Evaluations.All(other => evaluation.Loss <= other.Loss));
        Assert.Equal(best.Step, run.EarlyStopStep);
        Assert.InRange(run.EarlyStopStep, 5, 55);
        Assert.NotEqual(Fingerprint.Of(run.Final), Fingerprint.Of(run.Best));
    }

    [Fact]
    public void The_best_weights_are_those_of_the_early_stopping_step()
    {
        RunResult run = Dense(SmallSearch.Restless);
        RunResult shorter = Dense(SmallSearch.Restless with { Steps = run.EarlyStopStep });
        Assert.Equal(Fingerprint.Of(shorter.Final), Fingerprint.Of(run.Best));
        Assert.Equal((shorter.Metrics.FinalAccuracy, shorter.Metrics.FinalLoss), (run.Accuracy, run.Metrics.Loss));
        Assert.NotEqual(run.Metrics.FinalLoss, run.Metrics.Loss);
    }

    [Fact]
    public void Of_equal_losses_the_first_is_the_best()
    {
        RunResult run = Dense(new() { Optimizer = Optimizer.Adam(0.05), Steps = 60, Evaluate = 5 });
        Assert.Equal([0, 0, 0], run.Evaluations[^3..].Select(evaluation => evaluation.Loss));
        Assert.Equal(50, run.EarlyStopStep);
        Assert.NotEqual(Fingerprint.Of(run.Final), Fingerprint.Of(run.Best));
    }

    /// <summary>The batches and the rate are those of the step's number in the dense run; the optimizer's count begins at 1.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void A_training_follows_its_specification_from_the_step_it_begins_at(int rewindTo)
    {
        var training = new TrainingSpecification
        {
            Optimizer = new Adam(0.02, Epsilon: 1e-3), Steps = 20, Schedule = new() { WarmUp = 3, At = [16], Factor = 0.3 },
        };
        PruningSettings pruning = new() { Levels = 1, Fc = 0.5m, Output = 0.5m, RewindTo = rewindTo };
        RunResult ticket = SmallSearch.Of(training, pruning: pruning).Run(seed: 1).Last().Ticket;
        var plain = new PlainNetwork(ticket.Mask, ticket.Initial);
        var optimizer = new PlainOptimizer(training.Optimizer, plain.Values);
        int batches = SmallSearch.Data.Training.Length / training.Batch;
        for (int step = rewindTo; step < training.Steps; step++)
        {
            int[] order = SmallSearch.Data.EpochOrder(1, step / batches);
            plain.Backward(SmallSearch.Data.Dataset.Train, order.AsSpan(step % batches * training.Batch, training.Batch));
            optimizer.Step(plain.Gradient, training.FactorAt(step));
        }
        for (int i = 0; i < plain.Values.Length; i++)
            for (int k = 0; k < plain.Values[i].Length; k++)
                Assert.Equal(ticket.Mask[i]?[k] == false ? 0 : plain.Values[i][k], ticket.Final[i][k], 1e-4);
    }

    [Fact]
    public void Evaluations_change_no_bit()
    {
        RunResult often = Dense(SmallSearch.Restless with { Evaluate = 1 }), seldom = Dense(SmallSearch.Restless with { Evaluate = 1000 });
        Assert.Equal(Fingerprint.Of(often.Final), Fingerprint.Of(seldom.Final));
        Assert.Equal([0, 60], seldom.Evaluations.Select(evaluation => evaluation.Step));
    }

    [Fact]
    public void Training_loss_is_the_mean_since_the_evaluation_before()
    {
        RunResult each = Dense(SmallSearch.Restless with { Evaluate = 1 }), fifth = Dense(SmallSearch.Restless);
        Assert.True(double.IsNaN(each.Evaluations[0].TrainingLoss));
        for (int i = 1; i < fifth.Evaluations.Length; i++)
        {
            double mean = Enumerable.Range(5 * i - 4, 5).Average(step => each.Evaluations[step].TrainingLoss);
            Assert.Equal(mean, fifth.Evaluations[i].TrainingLoss, 1e-12);
        }
    }

    [Fact]
    public void Loss_and_accuracy_are_those_of_plain_arithmetic()
    {
        RunResult run = Dense(SmallSearch.Restless);
        var plain = new PlainNetwork(run.Mask, run.Final);
        var test = SmallSearch.Data.Dataset.Test;
        int[] all = [.. Enumerable.Range(0, test.Count)];
        Assert.Equal(plain.Loss(test, all), run.Metrics.FinalLoss, 1e-5);
        int right = all.Count(i =>
            plain.Scores(test, i) is var scores && Array.IndexOf(scores, scores.Max()) == test.Labels.Span[i]);
        Assert.Equal((double)right / test.Count, run.Metrics.FinalAccuracy);
    }

    public static MatrixTheoryData<string, double, int> Divergent { get; } =
        new(["adam", "sgd"], [1e15, 1e30, 1e300], [1, 2, 3, 200]);

    [Theory]
    [MemberData(nameof(Divergent))]
    public void A_training_that_diverges_says_so_even_in_its_last_step(string optimizer, double rate, int steps)
    {
        var training = new TrainingSpecification
        {
            Optimizer = optimizer == "adam" ? Optimizer.Adam(rate) : Optimizer.Sgd(rate, 0.9), Steps = steps,
        };
        var exception = Assert.Throws<WorkFailedException>(() => Dense(training));
        Assert.Contains("diverged", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_no_number_is_noticed_also_where_the_loss_does_not_show_it()
    {
        Weights start = InitialWeights.Sample(SmallSearch.Network, 1);
        start[0][3] = float.NaN;
        var task = new TrainingTask
        {
            Mask = Mask.Full(SmallSearch.Network), Start = start, Training = new() { Optimizer = Optimizer.Sgd(0.25), Steps = 5 },
            Data = SmallSearch.Data, Seed = 1,
        };
        using var trainer = new Trainer(task, CpuDevice.Default);
        var exception = Assert.Throws<WorkFailedException>(() => trainer.Advance());
        Assert.Contains("a smaller learning rate than 0.25 may help", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adam", 100)]
    [InlineData("adam", 10)]
    [InlineData("sgd", 100)]
    [InlineData("sgd", 10)]
    public void A_step_allocates_nothing(string optimizer, int percent)
    {
        var training = new TrainingSpecification
        {
            Optimizer = optimizer == "adam" ? Optimizer.Adam(1e-3) : Optimizer.Sgd(0.1, 0.9, 1e-4),
            Schedule = new() { WarmUp = 3, At = [5], Factor = 0.1 }, Steps = 15, Evaluate = 15,
        };
        Mask mask = SomeMask.Of(SmallSearch.Network, 1, percent);
        var task = new TrainingTask
        {
            Mask = mask, Start = InitialWeights.Sample(mask.Network, 1), Training = training, Data = SmallSearch.Data, Seed = 1,
        };
        using var trainer = new Trainer(task, CpuDevice.Default);
        Assert.NotNull(trainer.Advance());
        trainer.Advance();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 1; step < 14; step++) trainer.Advance();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(14, trainer.Step);
    }

    private static RunResult Dense(TrainingSpecification training) =>
        SmallSearch.Of(training, pruning: new() { Levels = 0 }).Run(1).Single().Ticket;
}
