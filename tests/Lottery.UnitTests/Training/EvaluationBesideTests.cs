using Lottery.Networks;
using Lottery.Operations;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>A network without operations on images is evaluated on a second thread while it is trained on: with the bits of one thread.</summary>
public sealed class EvaluationBesideTests
{
    private static readonly TrainingSpecification s_restless = SmallSearch.Restless with { Measurements = new() { TestAt = [0, 17, 20, 60] } };

    [Fact]
    public void Two_threads_leave_what_one_leaves()
    {
        var one = new Session();
        var two = new Session();
        Same(Run(1, one), Run(2, two));
        Assert.Equal(13, two.Reported.Count);
        Assert.Equal(one.Reported, two.Reported);
    }

    /// <summary>A checkpoint that is due at every step waits for the evaluation that has begun, and any of them is where the training can go on.</summary>
    [Fact]
    public void A_checkpoint_between_an_evaluation_and_the_next_has_the_evaluation()
    {
        TrainingOutcome whole = Run(1, new());
        var session = new Session { CheckpointDue = true };
        Same(whole, Run(2, session));
        Assert.Equal([.. Enumerable.Range(0, 61)], session.Saved.Select(checkpoint => checkpoint.Step).Distinct());
        foreach (Checkpoint checkpoint in session.Saved.Where(checkpoint => checkpoint.Step % 7 == 1))
        {
            Assert.Equal((checkpoint.Step - 1) / 5 * 5, checkpoint.Evaluations[^1].Step);
            Same(whole, Run(2, new() { Resume = checkpoint }));
            Same(whole, Run(1, new() { Resume = checkpoint }));
        }
    }

    [Fact]
    public void What_a_step_trains_to_does_not_reach_the_evaluation_that_has_begun()
    {
        TrainingTask task = Task(s_restless);
        using ITrainingEngine one = Begin(task, threads: 1), two = Begin(task, threads: 2);
        Assert.False(one.TryBeginEvaluation(0));
        Evaluation expected = one.Evaluate(0);
        Assert.True(two.TryBeginEvaluation(0));
        Span<double> losses = stackalloc double[1];
        for (int step = 0; step < 20;) step += two.Train(step, losses);
        Assert.Equal(expected, two.EndEvaluation());
        two.KeepBest();
        Assert.Equal(Fingerprint.Of(task.Start), Fingerprint.Of(two.Result().Best));
        Assert.NotEqual(Fingerprint.Of(task.Start), Fingerprint.Of(two.Result().Final));
    }

    [Fact]
    public void An_evaluation_that_fails_fails_where_it_is_taken_and_the_next_one_can_begin()
    {
        using var thread = new EvaluationThread(step => step == 1 ? throw new UserException("Step 1 is wrong.") : new(step, 0.5, 0.25, 0));
        thread.Begin(1);
        Assert.Equal("Step 1 is wrong.", Assert.Throws<UserException>(thread.Take).Message);
        thread.Begin(2);
        Assert.Equal(2, thread.Take().Step);
    }

    [Fact]
    public void Threads_can_be_disposed_of_twice()
    {
        using var thread = new EvaluationThread(step => new(step, 0, 0, 0));
        using var team = new ThreadTeam(3);
        thread.Dispose();
        team.Dispose();
    }

    /// <summary>The evaluation in which a loss is infinite is taken when the next one is due; the sentence names its own step.</summary>
    [Fact]
    public void A_training_that_diverges_names_the_step()
    {
        TrainingSpecification diverging = s_restless with { Optimizer = Optimizer.Sgd(1e30), Measurements = new() };
        string expected = Assert.Throws<WorkFailedException>(() => Run(1, new(), diverging)).Message;
        Assert.Equal(expected, Assert.Throws<WorkFailedException>(() => Run(2, new(), diverging)).Message);
    }

    [Fact]
    public void Images_and_learned_masks_are_evaluated_in_turn()
    {
        Assert.True(CpuEngine.EvaluatesBeside(SmallSearch.Network, null, 2));
        Assert.False(CpuEngine.EvaluatesBeside(SmallSearch.Network, null, 1));
        Assert.False(CpuEngine.EvaluatesBeside(NetworkCatalogue.Get("conv-2"), null, 2));
        Assert.False(CpuEngine.EvaluatesBeside(SmallSearch.Network, new(), 2));
    }

    private static void Same(TrainingOutcome expected, TrainingOutcome actual)
    {
        Assert.Equal(Fingerprint.Of(expected.Best), Fingerprint.Of(actual.Best));
        Assert.Equal(Fingerprint.Of(expected.Final), Fingerprint.Of(actual.Final));
        Assert.Equal(expected.Evaluations, actual.Evaluations);
        Assert.Equal(expected.BatchOrders, actual.BatchOrders);
        Assert.Equal(Measured(expected), Measured(actual));
    }

    /// <summary>All metrics but the times.</summary>
    private static (int, double, double, double, string) Measured(TrainingOutcome outcome) => (outcome.Metrics.EarlyStopStep, outcome.Metrics.Accuracy,
        outcome.Metrics.FinalLoss, outcome.Metrics.TrainingAccuracy, string.Join(' ', outcome.Metrics.Tested));

    private static TrainingOutcome Run(int threads, Session session, TrainingSpecification? training = null)
    {
        using var trainer = new Trainer(Task(training ?? s_restless), CpuDevice.Default, threads);
        return trainer.Run(session, null, TestContext.Current.CancellationToken);
    }

    private static ITrainingEngine Begin(TrainingTask task, int threads) =>
        CpuDevice.Default.Begin(task, new(task.Data, task.Seed, task.Training.Batch, 0), threads);

    private static TrainingTask Task(TrainingSpecification training) => new()
    {
        Mask = Mask.Full(SmallSearch.Network), Start = InitialWeights.Sample(SmallSearch.Network, 1), Training = training, Data = SmallSearch.Data, Seed = 1,
    };

    private sealed class Session : ITrainingSession
    {
        public Checkpoint? Resume { get; init; }

        public bool CheckpointDue { get; init; }

        public List<Checkpoint> Saved { get; } = [];

        public List<Evaluation> Reported { get; } = [];

        public void Save(Checkpoint checkpoint) => Saved.Add(checkpoint);

        public void Report(Evaluation evaluation) => Reported.Add(evaluation);
    }
}
