using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.UnitTests.Studies.Scale;

/// <summary>A check of a whole store goes on where it was interrupted, and forgets nothing that it should look at.</summary>
public sealed class StoreVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;
    private readonly string[] _ids;
    private readonly List<string> _warnings = [];

    public StoreVerificationTests()
    {
        _store = new(_folder["store"]) { Initial = MadeUp.Initial, Warn = _warnings.Add };
        RunSpecification dense = MadeUp.Dense(), ticket = MadeUp.Next(dense);
        RunSpecification[] runs = [dense, ticket, MadeUp.Next(ticket), MadeUp.Next(ticket, Control.Reinit), MadeUp.Dense(2)];
        foreach (RunSpecification run in runs) MadeUp.Keep(_store, run);
        _ids = [.. runs.Select(RunIdentity.Of).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_check_that_is_done_reads_every_byte_the_next_time()
    {
        for (int time = 0; time < 2; time++)
        {
            Assert.Equal(0, Before(out List<RunCheck> checks));
            Assert.Equal(_ids, checks.Select(check => check.Id));
            Assert.All(checks, check => Assert.Empty(check.Problems));
            Assert.False(File.Exists(_store.Paths.VerifiedFile));
        }
    }

    [Fact]
    public void An_interrupted_check_goes_on()
    {
        Interrupt(_ids[0], _ids[2]);
        Assert.Equal(2, Before(out List<RunCheck> checks));
        Assert.Equal([_ids[1], _ids[3], _ids[4]], checks.Select(check => check.Id));
        Assert.Equal(0, Before(out checks));
        Assert.Equal(_ids, checks.Select(check => check.Id));
    }

    [Fact]
    public void A_check_may_begin_anew()
    {
        Interrupt(_ids[0], _ids[2]);
        var all = new StoreVerification(_store).Run(again: true, CancellationToken.None);
        Assert.Equal(_ids, all.Select(check => check.Id));
    }

    [Fact]
    public void A_run_that_looks_different_is_checked_again()
    {
        Interrupt(_ids[0], _ids[2]);
        string file = Path.Combine(_store.Paths.Run(_ids[2]), "tensors.bin");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(1, Before(out List<RunCheck> checks));
        Assert.Equal([_ids[2]], checks.Where(check => !check.Problems.IsEmpty).Select(check => check.Id));
    }

    [Fact]
    public void A_damaged_run_is_named_each_time()
    {
        File.AppendAllText(Path.Combine(_store.Paths.Run(_ids[1]), "metrics.parquet"), "x");
        using (var cancelled = new CancellationTokenSource())
        {
            var check = new StoreVerification(_store) { Report = at => { if (at.Checked > 0) cancelled.Cancel(); } };
            Assert.Contains(check.Run(again: false, cancelled.Token), one => !one.Problems.IsEmpty);
        }
        for (int time = 0; time < 2; time++)
        {
            Before(out List<RunCheck> checks);
            Assert.Equal([_ids[1]], checks.Where(one => !one.Problems.IsEmpty).Select(one => one.Id));
        }
    }

    [Fact]
    public void Stopping_keeps_what_was_found()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new StoreVerification(_store).Run(again: false, cancelled.Token));
        Assert.True(File.Exists(_store.Paths.VerifiedFile));
    }

    [Fact]
    public void A_note_of_garbage_is_no_note()
    {
        File.WriteAllText(_store.Paths.VerifiedFile, "nonsense\n" + new string('x', 500));
        Assert.Equal(0, Before(out List<RunCheck> checks));
        Assert.Equal(_ids, checks.Select(check => check.Id));
    }

    [Fact]
    public void A_check_that_cannot_note_anything_is_a_check()
    {
        Directory.CreateDirectory(_store.Paths.VerifiedFile);
        Assert.Equal(0, Before(out List<RunCheck> checks));
        Assert.Equal(_ids, checks.Select(check => check.Id));
        Assert.Contains("begins anew", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    /// <summary>What a check leaves that was killed after it had found some runs to be whole.</summary>
    private void Interrupt(params string[] ids)
    {
        using var verified = new VerifiedRuns(_store.Paths, again: false, _warnings.Add);
        foreach (string id in ids) verified.Add(verified.LookOf(id));
    }

    private int Before(out List<RunCheck> checks)
    {
        int before = -1;
        checks = new StoreVerification(_store) { Report = at => before = at.Before }.Run(again: false, CancellationToken.None);
        return before;
    }
}
