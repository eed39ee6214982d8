using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.SystemTests.Cli;

namespace Lottery.SystemTests.Studies;

/// <summary>What a store publishes for the dashboard: progress, failures, and the runs that commands are to complete.</summary>
public sealed class ActivityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly RunSpecification _run = MadeUp.Dense();

    public ActivityTests() => _store = new(_folder["store"]) { Initial = MadeUp.Initial };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_active_run_has_its_curve_and_its_step()
    {
        using (var session = _store.Begin(_run, default))
        {
            session.Report(new(0, 2.3, 0.1, double.NaN));
            session.Report(new(100, 0.5, 0.8, 0.7));
            session.Save(MadeUp.Checkpoint(_run, 150));
            ActiveRun run = Assert.Single(_store.ListActive());
            Assert.True(run.Running);
            Assert.Equal((150, 300), (run.Step, run.Steps));
            Assert.Equal([0, 100], run.Evaluations.Select(at => at.Step));
            Assert.True(run.StepsPerSecond > 0);
            Assert.Equal(run.Evaluations, _store.Evaluations(run.Id));
        }
        ActiveRun interrupted = Assert.Single(_store.ListActive());
        Assert.False(interrupted.Running);
        Assert.Equal(double.NaN, interrupted.StepsPerSecond);
    }

    [Fact]
    public void A_finished_run_has_the_same_curve()
    {
        MadeUp.Keep(_store, _run);
        Assert.Equal(MadeUp.Result(_run).Evaluations, _store.Evaluations(RunIdentity.Of(_run)));
        Assert.Empty(_store.Evaluations(new string('0', 64)));
    }

    [Fact]
    public void A_failure_is_kept_until_the_next_attempt()
    {
        using (_store.Begin(_run, default)) _store.Fail(_run, "While it is under way nothing has failed.");
        Assert.Null(Assert.Single(_store.ListActive()).Failure);
        _store.Fail(_run, "The loss is no number.");
        Assert.Equal("The loss is no number.", Assert.Single(_store.ListActive()).Failure!.Reason);
        using (_store.Begin(_run, default)) Assert.Null(Assert.Single(_store.ListActive()).Failure);
        Assert.Null(Assert.Single(_store.ListActive()).Failure);
        _store.Fail(_run, "The loss is no number again.");
        Assert.Equal(2, Assert.Single(_store.ListActive()).Failure!.Attempts);
        MadeUp.Keep(_store, _run);
        _store.Fail(_run, "It is finished.");
        Assert.Empty(_store.ListActive());
    }

    [Fact]
    public void A_run_that_never_began_says_which_failure_is_the_cause_and_is_no_attempt()
    {
        string cause = new('a', 64);
        _store.Skip(_run, cause, "It comes from a run that failed.");
        RunFailure skipped = Assert.Single(_store.ListActive()).Failure!;
        Assert.Equal((cause, 0), (skipped.Cause, skipped.Attempts));
        using (_store.Begin(_run, default)) Assert.Null(Assert.Single(_store.ListActive()).Failure);
        _store.Fail(_run, "No memory.");
        RunFailure failed = Assert.Single(_store.ListActive()).Failure!;
        Assert.Null(failed.Cause);
        Assert.Equal(1, failed.Attempts);
    }

    [Fact]
    public void What_is_wrong_with_a_training_is_kept()
    {
        TinyImages.Write(_folder["tiny"]);
        CommandLineRun find = CommandLineRun.Of("find", "--network", "mlp:20-8-3", "--data", _folder["tiny"], "--validation", "100",
            "--levels", "1", "--steps", "20", "--optimizer", "sgd", "--lr", "1e38", "--store", _folder["failing"]);
        Assert.Equal(1, find.ExitCode);
        var store = new RunStore(_folder["failing"]);
        ActiveRun run = Assert.Single(store.ListActive(), one => one.Failure is { IsSkipped: false });
        Assert.Contains(run.Failure!.Reason!, Assert.Single(store.ListActive(), one => one.Failure is { IsSkipped: true }).Failure!.Reason, StringComparison.Ordinal);
        Assert.False(run.Running);
        Assert.Contains(run.Failure!.Reason!.TrimEnd('.'), find.Error, StringComparison.Ordinal);
        ActiveJob work = Assert.Single(store.ListActiveJobs());
        Assert.False(work.Running);
        Assert.Equal(2, work.Runs.Length);
    }

    [Fact]
    public void A_command_publishes_the_runs_that_it_is_to_complete()
    {
        RunSpecification next = MadeUp.Next(_run, criterion: "random"), control = MadeUp.Next(next, Control.Reinit, "random");
        (RunSpecification, double)[] runs = [(_run, 3), (next, 2), (control, 1), (_run, 3)];
        using (ActiveJobSession session = _store.BeginJob("tiny · 1 level", "some", 2, runs))
        {
            ActiveJob work = Assert.Single(_store.ListActiveJobs());
            Assert.True(work.Running);
            Assert.Equal(("tiny · 1 level", "some", 2), (work.Title, work.Study, work.Jobs));
            Assert.Equal(
                [(RunIdentity.Of(_run), 0, "", 3.0), (RunIdentity.Of(next), 1, "ticket (random)", 2.0), (RunIdentity.Of(control), 1, "reinit (random)", 1.0)],
                work.Runs.Select(run => (run.Id, run.Level, run.Condition, run.Seconds)));
            using ActiveJobSession second = _store.BeginJob("the same", null, 1, runs);
            second.Complete();
            Assert.Equal("tiny · 1 level", Assert.Single(_store.ListActiveJobs()).Title);
        }
        Assert.False(Assert.Single(_store.ListActiveJobs()).Running);
        using ActiveJobSession again = _store.BeginJob("again", null, 1, runs);
        Assert.True(Assert.Single(_store.ListActiveJobs()).Running);
        _store.CollectGarbage();
        again.Complete();
        Assert.Empty(_store.ListActiveJobs());
    }

    [Fact]
    public void Of_several_processes_on_a_job_the_next_one_takes_it_over_from_one_that_ended()
    {
        RunStore other = new(_folder["store"]);
        ActiveJobSession first = _store.BeginJob("both", null, 1, [(_run, 1)]);
        using ActiveJobSession second = other.BeginJob("both", null, 1, [(_run, 1)]);
        ClaimBeats.Beat();
        Assert.True(first.Owns());
        Assert.False(second.Owns());
        first.Dispose();
        Assert.False(Assert.Single(_store.ListActiveJobs()).Running);
        ClaimBeats.Beat();
        Assert.True(Assert.Single(_store.ListActiveJobs()).Running);
        second.Complete();
        Assert.Empty(_store.ListActiveJobs());
    }

    [Fact]
    public void What_was_interrupted_is_swept_up()
    {
        _store.BeginJob("stopped", null, 1, [(_run, 1)]).Dispose();
        Assert.True(_store.CollectGarbage() > 0);
        Assert.Empty(_store.ListActiveJobs());
    }

    [Fact]
    public void A_finished_search_leaves_no_activity()
    {
        TinyImages.Write(_folder["tiny"]);
        Assert.Equal(0, CommandLineRun.Of("find", "--network", "mlp:20-8-3", "--data", _folder["tiny"], "--validation", "100",
            "--levels", "1", "--steps", "20", "--store", _folder["done"]).ExitCode);
        var store = new RunStore(_folder["done"]);
        Assert.Empty(store.ListActive());
        Assert.Empty(store.ListActiveJobs());
    }
}
