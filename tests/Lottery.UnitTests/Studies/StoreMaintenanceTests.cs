using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.UnitTests.Studies;

/// <summary>Removing runs, studies and leftovers; what belongs to others is never touched.</summary>
public sealed class StoreMaintenanceTests : IDisposable
{
    private static readonly RunSpecification
        Dense = MadeUp.Dense(), Ticket = MadeUp.Next(Dense), Reinit = MadeUp.Next(Ticket, Control.Reinit), Random = MadeUp.Next(Dense, criterion: "random");

    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public StoreMaintenanceTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial };
        foreach (RunSpecification run in new[] { Dense, Ticket, Reinit, Random }) MadeUp.Keep(_store, run);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_removed_with_all_that_come_from_it()
    {
        RemovedRuns removed = _store.Remove([RunIdentity.Of(Ticket)], withDescendants: true);
        Assert.Equal(new[] { Ticket, Reinit }.Select(RunIdentity.Of).Order(StringComparer.Ordinal), removed.Ids);
        Assert.Equal(2, _store.List().Length);
        Assert.False(Directory.Exists(_store.Paths.Removed));
    }

    [Fact]
    public void An_interrupted_run_does_not_keep_the_run_that_it_comes_from()
    {
        using (IRunSession session = _store.Begin(MadeUp.Next(Random), CancellationToken.None)) session.Save(MadeUp.Checkpoint(MadeUp.Next(Random), 100));
        _store.Remove(RunIdentity.Of(Random));
        Assert.Single(_store.ListActive());
        MadeUp.Keep(_store, Random);
        using IRunSession again = _store.Begin(MadeUp.Next(Random), CancellationToken.None);
        Assert.Equal(100, again.Resume!.Step);
        Assert.Contains("being trained", Assert.Throws<UserException>(() => _store.Remove([RunIdentity.Of(Dense)], withDescendants: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_is_removed_but_for_what_others_need()
    {
        _store.AddToStudy("one", new[] { Dense, Ticket, Reinit }.Select(RunIdentity.Of));
        _store.AddToStudy("two", new[] { Dense, Random }.Select(RunIdentity.Of));
        RemovedRuns removed = _store.RemoveStudy("one", withDescendants: false);
        Assert.Equal(2, removed.Ids.Length);
        Assert.Equal([RunIdentity.Of(Dense)], removed.Kept);
        Assert.Equal(["two"], _store.StudyNames);
        Assert.Equal(new[] { Dense, Random }, _store.List().Select(run => run.Specification));
    }

    [Fact]
    public void A_study_keeps_the_runs_that_others_come_from()
    {
        _store.AddToStudy("one", [RunIdentity.Of(Dense), RunIdentity.Of(Ticket)]);
        Assert.Equal(new[] { Dense, Ticket }.Select(RunIdentity.Of), _store.RemoveStudy("one", withDescendants: false).Kept);
        _store.AddToStudy("one", [RunIdentity.Of(Dense)]);
        Assert.Equal(4, _store.RemoveStudy("one", withDescendants: true).Ids.Length);
        Assert.Empty(_store.List());
    }

    [Fact]
    public void Leftovers_are_discarded_but_not_those_of_a_process_that_is_alive()
    {
        RunSpecification[] left = [MadeUp.Dense(7), MadeUp.Dense(8)];
        foreach (RunSpecification run in left)
            using (IRunSession session = _store.Begin(run, CancellationToken.None)) session.Save(MadeUp.Checkpoint(run, 100));
        using (_store.BeginJob("stopped", null, 1, left.Select(run => (run, 1.0)))) { }
        using IRunSession running = _store.Begin(MadeUp.Dense(9), CancellationToken.None);

        DiscardedLeftovers one = _store.Discard([RunIdentity.Of(left[0])]);
        Assert.Equal([RunIdentity.Of(left[0])], one.Ids);
        Assert.True(one.Freed > 1_000);
        Assert.Single(_store.ListActiveJobs());

        DiscardedLeftovers all = _store.Discard(null);
        Assert.Equal([RunIdentity.Of(left[1])], all.Ids);
        Assert.Equal([RunIdentity.Of(MadeUp.Dense(9))], all.Running);
        Assert.Empty(_store.ListActiveJobs());
        Assert.True(Assert.Single(_store.ListActive()).Running);
        Assert.Equal(4, _store.List().Length);
    }

    [Fact]
    public void What_a_job_states_is_read_once_and_who_works_on_it_each_time()
    {
        ActiveJob first;
        using (_store.BeginJob("one", null, 1, [(MadeUp.Dense(7), 1.0)]))
        {
            first = Assert.Single(_store.ListActiveJobs());
            Assert.True(first.Running);
        }
        ActiveJob second = Assert.Single(_store.ListActiveJobs());
        Assert.False(second.Running);
        // The same array: the file was not read again.
        Assert.True(first.Runs == second.Runs);
        File.SetLastWriteTimeUtc(Path.Combine(_store.Paths.Job(first.Name), "job.json"), DateTime.UtcNow.AddSeconds(5));
        ActiveJob third = Assert.Single(_store.ListActiveJobs());
        Assert.False(first.Runs == third.Runs);
        Assert.Equal(first.Runs.AsEnumerable(), third.Runs);
        _store.Discard(null);
        Assert.Empty(_store.ListActiveJobs());
    }

    [Fact]
    public void A_run_that_is_not_finished_is_discarded_and_not_removed()
    {
        using (IRunSession session = _store.Begin(MadeUp.Dense(7), CancellationToken.None)) session.Save(MadeUp.Checkpoint(MadeUp.Dense(7), 100));
        string id = RunIdentity.Of(MadeUp.Dense(7));
        Assert.Contains($"lottery runs discard {RunIdentity.Short(id)}", Assert.Throws<UserException>(() => _store.Resolve(id[..12])).Message, StringComparison.Ordinal);
        Assert.Equal(id, _store.ResolveActive(id[..12]));
        Assert.Throws<UserException>(() => _store.ResolveActive("zz"));
    }

    [Fact]
    public void Collecting_leaves_what_the_store_did_not_write()
    {
        string[] foreign = ["notes.tmp", "removed/thesis/draft.tex", "removed/x.tmp", "active/mine/a.txt", "jobs/mine/b.txt", "studies/Mine.json.tmp",
            $"active/{new string('0', 64)}/mine.txt"];
        foreach (string path in foreign) Write(path);
        Write("index.bin.tmp");
        Write($"removed/{new string('a', 32)}/run.json");
        Write($"active/{new string('0', 64)}/run.json");
        Assert.Equal(3, _store.CollectGarbage());
        Assert.All(foreign, path => Assert.True(File.Exists(Path.Combine(_store.Paths.Root, path)), path));
        Assert.Equal(0, _store.CollectGarbage());
    }

    [Fact]
    public void Collecting_takes_nothing_that_a_study_refers_to()
    {
        RunSpecification interrupted = MadeUp.Dense(7);
        using (IRunSession session = _store.Begin(interrupted, CancellationToken.None)) session.Save(MadeUp.Checkpoint(interrupted, 100));
        _store.KeepSnapshot(Dense, 100, MadeUp.Result(Dense).Final);
        _store.AddToStudy("all", new[] { Dense, Ticket, Reinit, Random, interrupted }.Select(RunIdentity.Of));
        Assert.Equal(0, _store.CollectGarbage());
        Assert.Equal(5, _store.Study("all").Length);
        Assert.All(_store.Study("all"), id => Assert.True(Directory.Exists(_store.Paths.Run(id)) || File.Exists(_store.Paths.Checkpoint(id))));
        Assert.True(_store.HasSnapshot(Dense, 100));
        Assert.All(_store.Verify(), check => Assert.Empty(check.Problems));
    }

    [Fact]
    public void Collecting_follows_no_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(_folder["mine"]);
        File.WriteAllText(_folder["mine/thesis.tex"], "x");
        string removed = Path.Combine(_store.Paths.Removed, new string('a', 32));
        Directory.CreateDirectory(removed);
        Directory.CreateSymbolicLink(Path.Combine(removed, "a"), ".");
        Directory.CreateSymbolicLink(Path.Combine(removed, "b"), ".");
        Directory.CreateSymbolicLink(Path.Combine(removed, "mine"), _folder["mine"]);
        Directory.CreateSymbolicLink(Path.Combine(_store.Paths.Removed, new string('b', 32)), _folder["mine"]);
        Directory.CreateSymbolicLink(Path.Combine(_store.Paths.Active, new string('c', 64)), _folder["mine"]);
        _store.CollectGarbage();
        Assert.True(File.Exists(_folder["mine/thesis.tex"]));
        Assert.False(Directory.Exists(removed));
    }

    [Fact]
    public void What_is_no_store_is_refused_and_not_touched()
    {
        Directory.CreateDirectory(_folder["mine/active/x"]);
        File.WriteAllText(_folder["mine/left.tmp"], "x");
        File.WriteAllText(_folder["file"], "x");
        foreach (string name in (string[])["mine", "file"])
        {
            UserException refused = Assert.Throws<UserException>(() => new RunStore(_folder[name]));
            Assert.StartsWith($"{_folder[name]} is not a store: ", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["active", "left.tmp"], Directory.EnumerateFileSystemEntries(_folder["mine"]).Select(entry => Path.GetFileName(entry)).Order());
        var missing = new RunStore(_folder["none"]);
        Assert.False(missing.Exists);
        Assert.Contains("no such folder", Assert.Throws<UserException>(missing.RequireExisting).Message, StringComparison.Ordinal);
        Assert.Throws<UserException>(() => missing.CollectGarbage());
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void A_folder_that_another_process_is_just_making_a_store_of_is_taken()
    {
        Directory.CreateDirectory(_folder["new"]);
        File.WriteAllText(_folder["new/lock.json"], "");
        var store = new RunStore(_folder["new"]) { Initial = MadeUp.Initial };
        MadeUp.Keep(store, Dense);
        Assert.True(store.Exists);
    }

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_store.Paths.Root, path))!);
        File.WriteAllText(Path.Combine(_store.Paths.Root, path), "x");
    }
}
