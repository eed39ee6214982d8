using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.UnitTests.Studies;

/// <summary>Runs that are finished while the next ones are trained.</summary>
public sealed class RunWriterTests : IDisposable
{
    private static readonly RunSpecification Dense = MadeUp.Dense(), First = MadeUp.Next(Dense), Second = MadeUp.Next(First), Other = MadeUp.Dense(2);

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_comes_from_a_run_is_trained_while_that_is_on_its_way()
    {
        RunStore store = Store();
        using var trained = new ManualResetEventSlim();
        using var disk = new Watch(_folder.Path, step =>
        {
            if (IsNaming(step, Dense)) trained.Wait(Cancellation);
        });
        ImmutableArray<RunOutcome> outcomes = Run(store, [Dense, First], run =>
        {
            if (run != First) return;
            Assert.Empty(Named(store));
            Assert.True(store.Paths.Claims.IsHeld(store.Paths.Claim(RunIdentity.Of(Dense))));
            trained.Set();
        });
        Assert.All(outcomes, outcome => Assert.Equal(RunState.Finished, outcome.State));
        RequireWhole(store, [Dense, First]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_run_is_in_the_store_before_the_one_that_it_comes_from(int jobs)
    {
        RunStore store = Store();
        RunSpecification[] chain = [Dense, First, Second, MadeUp.Next(Second), MadeUp.Next(First, Control.Reinit), Other, MadeUp.Next(Other)];
        var flushed = new HashSet<string>();
        var named = new List<string>();
        int trained = 0;
        List<string> wrong = [];
        using var disk = new Watch(_folder.Path, step =>
        {
            // A folder is named, and then the names are flushed: by the writer, one after the other.
            if (step.Call == DiskCall.FlushFolder && step.Path == store.Paths.Runs) flushed.UnionWith(named);
            if (chain.FirstOrDefault(run => IsNaming(step, run)) is not { } run) return;
            if (run.Parent is { } parent && !flushed.Contains(RunIdentity.Of(parent))) wrong.Add($"{run.Level} was named before its parent was flushed.");
            if (Volatile.Read(ref trained) > named.Count + RunWriter.MostOf(jobs) + jobs) wrong.Add($"{trained} runs were trained, {named.Count} were named.");
            named.Add(RunIdentity.Of(run));
        });
        Run(store, chain, _ => Interlocked.Increment(ref trained), jobs);
        Assert.Empty(wrong);
        Assert.Equal(chain.Length, named.Distinct().Count());
        RequireWhole(store, chain);
    }

    [Fact]
    public void Runs_that_do_not_come_from_each_other_wait_for_the_disk_together()
    {
        RunStore store = Store();
        RunSpecification[] runs = [.. Enumerable.Range(1, 5).Select(seed => MadeUp.Dense((ulong)seed))];
        using var all = new ManualResetEventSlim();
        int flushes = 0, additions = 0;
        using (var disk = new Watch(_folder.Path, step =>
        {
            if (IsNaming(step, runs[0])) all.Wait(Cancellation);
            if (step.Call == DiskCall.FlushFolder && step.Path == store.Paths.Runs) flushes++;
            if (step.Call == DiskCall.Open && step.Path == store.Paths.IndexFile) additions++;
        }))
        {
            using var writer = new RunWriter(store, runs.Length);
            foreach (RunSpecification run in runs)
            {
                using IRunSession session = store.Begin(run, Cancellation);
                session.Finish(MadeUp.Result(run));
                Assert.NotNull(store.Find(run));
            }
            Assert.Empty(Named(store));
            all.Set();
        }
        // The first one alone, if the writer began with it before the others were there; then all that waited.
        Assert.InRange(flushes, 1, 2);
        Assert.Equal(flushes, additions);
        RequireWhole(store, runs);
    }

    [Fact]
    public void If_a_run_cannot_be_written_what_comes_from_it_is_skipped_even_if_it_is_trained()
    {
        RunStore store = Store();
        using var trained = new ManualResetEventSlim();
        var reported = new ConcurrentQueue<RunOutcome>();
        using (var disk = new Watch(_folder.Path, step =>
        {
            if (!IsNaming(step, Dense)) return;
            trained.Wait(Cancellation);
            throw new IOException("No space left on device", 28);
        }))
        {
            ImmutableArray<RunOutcome> outcomes = Run(store, [Dense, First, Second, Other], run =>
            {
                if (run == First) trained.Set();
            }, progress: new Reporter<RunOutcome>(reported.Enqueue));
            Assert.Equal([RunState.Failed, RunState.Skipped, RunState.Skipped, RunState.Finished], outcomes.Select(outcome => outcome.State));
            Assert.Contains("disk is full", outcomes[0].Failure!.Message, StringComparison.Ordinal);
            Assert.All(outcomes[1..3], outcome => Assert.Equal(RunIdentity.Of(Dense), outcome.Cause!.Id));
        }
        Assert.Equal([Dense], reported.Where(outcome => outcome.State == RunState.Failed).Select(outcome => outcome.Run));
        Assert.Equal([First, Second], reported.Where(outcome => outcome.State == RunState.Skipped).Select(outcome => outcome.Run).Order(ByLevel));
        RequireWhole(store, [Other]);
        Run(store, [Dense, First, Second, Other], _ => { });
        RequireWhole(store, [Dense, First, Second, Other]);
    }

    [Fact]
    public void A_cancellation_waits_for_what_is_on_its_way()
    {
        RunStore store = Store();
        using var cancellation = new CancellationTokenSource();
        using var disk = new Watch(_folder.Path, step =>
        {
            if (IsNaming(step, Dense)) cancellation.Token.WaitHandle.WaitOne();
        });
        ImmutableArray<RunOutcome> outcomes = Run(store, [Dense, First, Second], run =>
        {
            if (run != First) return;
            cancellation.Cancel();
            cancellation.Token.ThrowIfCancellationRequested();
        }, cancellation: cancellation.Token);
        Assert.Equal([RunState.Finished, RunState.Cancelled, RunState.Cancelled], outcomes.Select(outcome => outcome.State));
        RequireWhole(store, [Dense]);
    }

    [Fact]
    public void A_run_that_another_process_took_over_on_its_way_is_completed_again_with_what_comes_from_it()
    {
        RunStore store = Store();
        string claim = store.Paths.Claim(RunIdentity.Of(Dense));
        var trained = new ConcurrentQueue<RunSpecification>();
        int takes = 0;
        using var disk = new Watch(_folder.Path, step =>
        {
            if (step.Call != DiskCall.CreateFolder || !StorePaths.IsStaged(Path.GetFileName(step.Path)) || Path.GetDirectoryName(step.Path) != Path.GetDirectoryName(claim)) return;
            SpinWait.SpinUntil(() => trained.Contains(First));
            if (takes++ == 0) File.WriteAllBytes(claim, new ClaimText(ClaimText.NewOwner(), 1, ProcessIdentity.Own with { Process = int.MaxValue }, 0).Write());
        });
        ImmutableArray<RunOutcome> outcomes = Run(store, [Dense, First], trained.Enqueue);
        Assert.All(outcomes, outcome => Assert.Equal(RunState.Finished, outcome.State));
        Assert.Equal(2, trained.Count(run => run == Dense));
        RequireWhole(store, [Dense, First]);
    }

    private static Comparer<RunSpecification> ByLevel { get; } = Comparer<RunSpecification>.Create((one, other) => one.Level.CompareTo(other.Level));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunStore Store() => new(_folder["store"]) { Initial = MadeUp.Initial };

    private static ImmutableArray<RunOutcome> Run(
        RunStore store, IEnumerable<RunSpecification> runs, Action<RunSpecification> train, int jobs = 1, IProgress<RunOutcome>? progress = null, CancellationToken? cancellation = null)
    {
        using var writer = new RunWriter(store, RunWriter.MostOf(jobs));
        var executor = new RunExecutor { Writer = writer, Reserve = store.Reservations.Reserve, Progress = progress };
        return executor.Run(runs.Select(run => new RunTask(run, new InStore(store, train))), jobs, cancellation ?? Cancellation);
    }

    private static string[] Named(RunStore store) => Directory.Exists(store.Paths.Runs) ? Directory.GetDirectories(store.Paths.Runs) : [];

    private static bool IsNaming(DiskStep step, RunSpecification run) => step.Call == DiskCall.Rename && Path.GetFileName(step.Path) == RunIdentity.Of(run);

    private static void RequireWhole(RunStore store, IEnumerable<RunSpecification> runs)
    {
        Assert.Equal(runs.Select(run => RunIdentity.Of(run)).Order(), store.List().Select(run => run.Id).Order());
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
        Assert.DoesNotContain(store.ListActive(), run => run.Running);
    }

    /// <summary>A search that makes results up, and keeps them as real ones do.</summary>
    private sealed class InStore(RunStore store, Action<RunSpecification> train) : IRunSearch
    {
        public ImmutableArray<RunSpecification> Plan(ulong seed) => throw new NotSupportedException();

        public RunResult Complete(RunSpecification run, int threads = 1, CancellationToken cancellationToken = default)
        {
            if (store.Find(run) is { } known) return known;
            using IRunSession session = store.Begin(run, cancellationToken);
            if (session.Finished is { } finished) return finished;
            train(run);
            RunResult result = MadeUp.Result(run);
            session.Finish(result);
            return result;
        }
    }

    private sealed class Watch(string root, Action<DiskStep> see) : DiskWatch(root)
    {
        public override Exception? Before(DiskStep step, ref int length)
        {
            see(step);
            return null;
        }
    }
}
