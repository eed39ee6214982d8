using System.Collections.Immutable;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.UnitTests.Studies.Slurm;

/// <summary>What a process that follows a study on Slurm does, against a Slurm that says what the test wants.</summary>
public sealed class SlurmJobTests : IDisposable
{
    private static readonly RunSpecification s_dense = MadeUp.Dense(1), s_ticket = MadeUp.Next(s_dense), s_other = MadeUp.Dense(2);

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly FakeSlurm _slurm = new();
    private readonly List<string> _said = [];

    public SlurmJobTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        _store.Create();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_jobs_folder_stays_while_Slurm_has_it_and_goes_with_it()
    {
        SlurmStudy study = Begin();
        Assert.Equal(["array-0.sh", "array-1.sh", "study.yaml", "task-0-0.json", "task-0-1.json", "task-1-0.json"],
            Directory.GetFiles(study.Paths.Files).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal([(1L, null), (2L, 1L)], _slurm.Submitted);
        _store.CollectGarbage();
        Assert.Equal(study.State.Token, Assert.Single(SlurmStudy.All(_store)).State.Token);
        SlurmStudy.Cancel(study.Paths, study.State, _slurm);
        Assert.Equal([1L, 2L], _slurm.Cancelled);
        Assert.Empty(SlurmStudy.All(_store));
        Assert.False(Directory.Exists(study.Paths.Files));
    }

    [Fact]
    public void What_Slurm_refuses_leaves_nothing_and_cancels_what_it_took()
    {
        _slurm.Refuses = 2;
        Assert.Equal("No.", Assert.Throws<SlurmException>(() => Begin()).Message);
        Assert.Equal([1L], _slurm.Cancelled);
        Assert.Empty(SlurmStudy.All(_store));
    }

    [Fact]
    public void A_dead_task_is_submitted_again_with_what_waited_for_it()
    {
        SlurmStudy study = Begin();
        Keep(s_other);
        _slurm.Say(1, 0, SlurmTaskState.Dead, "OUT_OF_MEMORY", "n1");
        _slurm.Say(1, 1, SlurmTaskState.Completed, "COMPLETED", "n2");
        _slurm.Say(2, 0, SlurmTaskState.Dead, "CANCELLED", "");
        study.Look(mends: true, Finished);
        Assert.Equal(2, _slurm.Submitted.Count);
        study.Look(mends: true, Finished);
        // The ticket's task never began: its run has not failed.
        Assert.Equal([(1L, null), (2L, 1L), (3L, null), (4L, 3L)], _slurm.Submitted);
        Assert.Equal(1, Attempts(s_dense));
        Assert.Equal(0, Attempts(s_ticket));
        Assert.Contains(_said, said => said.StartsWith("Task 1_0 ended as OUT_OF_MEMORY on n1", StringComparison.Ordinal));
        _slurm.Say(3, 0, SlurmTaskState.Running, "RUNNING", "n2");
        _slurm.Say(4, 0, SlurmTaskState.Pending, "PENDING", "");
        for (int i = 0; i < 3; i++) study.Look(mends: true, Finished);
        Assert.Equal(4, _slurm.Submitted.Count);
    }

    [Fact]
    public void A_run_whose_task_dies_three_times_is_given_up_with_what_comes_from_it()
    {
        SlurmStudy study = Begin();
        for (int attempt = 0; attempt < 6; attempt++)
        {
            foreach (long job in _slurm.Submitted.Select(one => one.Job)) _slurm.Say(job, 0, SlurmTaskState.Dead, "FAILED", "n1");
            _slurm.Say(1, 1, SlurmTaskState.Running, "RUNNING", "n2");
            study.Look(mends: true, Finished);
        }
        Assert.Equal(3, Attempts(s_dense));
        ImmutableDictionary<string, string> lost = study.Lost(Finished());
        Assert.Equal([RunIdentity.Of(s_dense), RunIdentity.Of(s_dense)], [lost[RunIdentity.Of(s_dense)], lost[RunIdentity.Of(s_ticket)]]);
        Assert.Equal(2, lost.Count);
        Assert.Equal("its task on Slurm ended as FAILED on n1", RunFailure.Read(_store.Paths.Failure(RunIdentity.Of(s_dense)))!.Reason);
    }

    [Fact]
    public void A_job_whose_number_was_not_written_is_found_by_its_mark()
    {
        SlurmStudy study = Begin();
        (study.State with { Arrays = [study.State.Arrays[0], study.State.Arrays[1] with { Job = null }] }).Write(study.Paths);
        _slurm.Say(1, 0, SlurmTaskState.Running, "RUNNING", "n1");
        _slurm.Say(1, 1, SlurmTaskState.Running, "RUNNING", "n2");
        _slurm.Say(2, 0, SlurmTaskState.Pending, "PENDING", "", SlurmScript.Comment(study.State.Token, 1));
        study.Look(mends: true, Finished);
        Assert.Equal(2, _slurm.Submitted.Count);
        Assert.Equal(2, study.State.Arrays[1].Job);
    }

    [Fact]
    public void Workers_that_cannot_work_end_the_study_with_their_sentence()
    {
        SlurmStudy study = Begin();
        File.WriteAllText(study.Paths.Log(0, 0), "2026-01-01\nlottery: ./tiny does not exist.\n");
        _slurm.Say(1, 0, SlurmTaskState.Dead, "FAILED", "n1", exitCode: 2);
        _slurm.Say(1, 1, SlurmTaskState.Running, "RUNNING", "n2");
        _slurm.Say(2, 0, SlurmTaskState.Dead, "CANCELLED", "");
        study.Look(mends: true, Finished);
        Assert.StartsWith("The workers on Slurm cannot train s (./tiny does not exist.)", Assert.Throws<UserException>(() => study.Look(mends: true, Finished)).Message, StringComparison.Ordinal);
        Assert.Equal([1L, 2L], _slurm.Cancelled);
        Assert.Null(study.Look(mends: true, Finished));
    }

    [Fact]
    public void A_task_that_the_site_never_starts_is_told_once()
    {
        SlurmStudy study = Begin();
        for (int task = 0; task < 2; task++) _slurm.Say(1, task, SlurmTaskState.Pending, "PENDING", "", reason: "AccountNotAllowed");
        _slurm.Say(2, 0, SlurmTaskState.Pending, "PENDING", "", reason: "Dependency");
        for (int look = 0; look < 3; look++) study.Look(mends: true, Finished);
        Assert.StartsWith("Slurm starts task 1_0 only when the site's settings change (AccountNotAllowed): `lottery study cancel s`", Assert.Single(_said), StringComparison.Ordinal);
    }

    private SlurmStudy Begin()
    {
        RunSpecification[] runs = [s_dense, s_ticket, s_other];
        SlurmRun[] planned = [.. runs.Select(run => new SlurmRun(RunIdentity.Of(run), run.Parent is { } parent ? RunIdentity.Of(parent) : null, 600))];
        string job = ActiveJobSession.NameOf(planned.Select(run => run.Id));
        SlurmState state = new("s", SlurmStudy.NewToken(), "user", _folder.Path, DateTimeOffset.UtcNow, new(), new(), SlurmStudy.Plan(planned, new(), 0, 100));
        Directory.CreateDirectory(_store.Paths.Job(job));
        var study = new SlurmStudy(_store, job, state, [.. planned], now => new("s", _store.Paths.Root, SlurmStudy.PathsOf(_store, job), _folder.Path, ["lottery"]) { Token = now.Token }, new(), _slurm)
        {
            Say = _said.Add, Fail = (id, reason) => _store.Fail(runs.Single(run => RunIdentity.Of(run) == id), reason),
        };
        study.Begin("study: s\n"u8.ToArray());
        return study;
    }

    private HashSet<string> Finished() => Directory.Exists(_store.Paths.Runs) ? [.. Directory.GetDirectories(_store.Paths.Runs).Select(folder => Path.GetFileName(folder))] : [];

    private void Keep(RunSpecification run) => MadeUp.Keep(_store, run);

    private int Attempts(RunSpecification run) => RunFailure.Read(_store.Paths.Failure(RunIdentity.Of(run)))?.Attempts ?? 0;

    private sealed class FakeSlurm : ISlurm
    {
        private readonly Dictionary<(long, int), SlurmQueueEntry> _queue = [];

        public List<(long Job, long? After)> Submitted { get; } = [];

        public List<long> Cancelled { get; } = [];

        public int Refuses { get; set; }

        public void Say(long job, int task, SlurmTaskState state, string word, string node, string comment = "", int? exitCode = null, string reason = "") =>
            _queue[(job, task)] = new(job, [task], state, word, node, reason, 0, exitCode, comment);

        public long Submit(string script, long? after)
        {
            Assert.True(File.Exists(script));
            if (Submitted.Count + 1 == Refuses) throw new SlurmException("No.");
            Submitted.Add((Submitted.Count + 1, after));
            return Submitted.Count;
        }

        public ImmutableArray<SlurmQueueEntry> Queue(string user) => [.. _queue.Values];

        public void Cancel(IReadOnlyCollection<long> jobs) => Cancelled.AddRange(jobs);

        public SlurmSite Site() => new(100, true);
    }
}
