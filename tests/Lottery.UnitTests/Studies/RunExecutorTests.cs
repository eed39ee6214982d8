using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;

namespace Lottery.UnitTests.Studies;

public sealed class RunExecutorTests
{
    private static readonly RunSpecification
        Dense = MadeUp.Dense(1), First = MadeUp.Next(Dense), Second = MadeUp.Next(First),
        FirstReinit = MadeUp.Next(First, Control.Reinit), SecondReinit = MadeUp.Next(Second, Control.Reinit), Other = MadeUp.Dense(2);

    [Fact]
    public void The_longest_chain_comes_first_and_controls_last()
    {
        var order = new List<RunSpecification>();
        var executor = new RunExecutor { Progress = On(RunState.Active, outcome => order.Add(outcome.Run)) };
        executor.Run(Tasks([Other, Dense, First, FirstReinit, Second, SecondReinit]), jobs: 1, Cancellation);
        Assert.Equal([Dense, First, Second, Other, FirstReinit, SecondReinit], order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_that_another_process_has_is_tried_again_when_the_others_are_done(int jobs)
    {
        var finished = new ConcurrentQueue<RunSpecification>();
        int waits = 0, given = 0;
        var executor = new RunExecutor
        {
            Progress = On(RunState.Finished, outcome => finished.Enqueue(outcome.Run)),
            Reserve = run => run == Dense && (finished.IsEmpty || waits == 0) ? null : new Returned(() => Interlocked.Increment(ref given)),
            Waiting = () => waits++,
        };
        executor.Run(Tasks([Dense, First, Other]), jobs, Cancellation);
        Assert.Equal([Other, Dense, First], finished);
        Assert.Equal((1, 3), (waits, given));
    }

    [Fact]
    public void A_run_that_another_process_finished_is_neither_read_nor_trained()
    {
        List<(RunSpecification, bool)> finished = [];
        var executor = new RunExecutor
        {
            Progress = On(RunState.Finished, outcome => finished.Add((outcome.Run, outcome.Result is null))),
            IsFinished = run => run == Dense,
            Reserve = run => run == Dense ? throw new InvalidOperationException("It needs no claim.") : new Returned(() => { }),
        };
        executor.Run(Tasks([Dense, First], run => Assert.NotEqual(Dense, run)), jobs: 1, Cancellation);
        Assert.Equal([(Dense, true), (First, false)], finished);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void No_run_begins_before_the_one_it_comes_from(int jobs)
    {
        var finished = new ConcurrentDictionary<RunSpecification, bool>();
        int atOnce = 0;
        ImmutableArray<RunOutcome> outcomes = new RunExecutor
        {
            Progress = new Reporter<RunOutcome>(outcome =>
            {
                if (outcome.Result is { } result) finished[result.Specification] = true;
                else Assert.True(outcome.Run.Parent is null || finished.ContainsKey(outcome.Run.Parent));
            }),
        }.Run(Tasks([SecondReinit, Second, Other, First, Dense, FirstReinit, Dense], _ =>
        {
            Assert.InRange(Interlocked.Increment(ref atOnce), 1, jobs);
            Thread.Sleep(2);
            Interlocked.Decrement(ref atOnce);
        }), jobs, Cancellation);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.All(outcomes, outcome => Assert.Equal(RunState.Finished, outcome.State));
        Assert.Equal([SecondReinit, Second, Other, First, Dense, FirstReinit], outcomes.Select(outcome => outcome.Run));
    }

    [Fact]
    public void A_failure_skips_what_comes_from_it_and_nothing_else()
    {
        var failed = new List<RunSpecification>();
        var skipped = new List<(RunSpecification, string?)>();
        ImmutableArray<RunOutcome> outcomes = new RunExecutor
        {
            Progress = new Reporter<RunOutcome>(outcome =>
            {
                if (outcome.State == RunState.Failed) failed.Add(outcome.Run);
                if (outcome.State == RunState.Skipped) skipped.Add((outcome.Run, outcome.Cause?.Failure?.Message));
            }),
        }.Run(
            Tasks([Dense, First, FirstReinit, Second, SecondReinit, Other], run =>
            {
                if (run == First) throw new UserException("No.");
            }), jobs: 2, Cancellation);
        Assert.Equal(
            [RunState.Finished, RunState.Failed, RunState.Skipped, RunState.Skipped, RunState.Skipped, RunState.Finished],
            outcomes.Select(outcome => outcome.State));
        Assert.Equal("No.", outcomes[1].Failure!.Message);
        Assert.Equal([First], failed);
        Assert.Equal([(FirstReinit, "No."), (Second, "No."), (SecondReinit, "No.")], skipped);
    }

    [Fact]
    public void Cancelling_stops_what_runs_and_begins_nothing_more()
    {
        using var cancellation = new CancellationTokenSource();
        ImmutableArray<RunOutcome> outcomes = new RunExecutor().Run(
            [Task(Dense, token =>
            {
                cancellation.Cancel();
                token.ThrowIfCancellationRequested();
                return MadeUp.Result(Dense);
            }), .. Tasks([First, Other])], jobs: 1, cancellation.Token);
        Assert.All(outcomes, outcome => Assert.Equal(RunState.Cancelled, outcome.State));
    }

    [Fact]
    public void Nothing_to_do_is_done() => Assert.Empty(new RunExecutor().Run([], jobs: 2, Cancellation));

    private static Reporter<RunOutcome> On(RunState state, Action<RunOutcome> report) => new(outcome =>
    {
        if (outcome.State == state) report(outcome);
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<RunTask> Tasks(IEnumerable<RunSpecification> runs, Action<RunSpecification>? work = null) =>
        runs.Select(run => Task(run, _ =>
        {
            work?.Invoke(run);
            return MadeUp.Result(run);
        }));

    private static RunTask Task(RunSpecification run, Func<CancellationToken, RunResult> complete) => new(run, new OneRun(run, complete));

    /// <summary>A search of one run, completed by a function.</summary>
    private sealed class OneRun(RunSpecification planned, Func<CancellationToken, RunResult> complete) : IRunSearch
    {
        public ImmutableArray<RunSpecification> Plan(ulong seed) => [planned];

        public RunResult Complete(RunSpecification run, int threads = 1, CancellationToken cancellationToken = default) => complete(cancellationToken);
    }

    private sealed class Returned(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
