using System.Runtime.InteropServices;
using Lottery.Search;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.UnitTests.Studies;

/// <summary>Who may work on what: claims of processes that are alive, dead, stopped, or on other machines.</summary>
public sealed class ClaimTests : IDisposable
{
    private static readonly ProcessIdentity
        Here = ProcessIdentity.Own,
        Ended = Here with { Process = int.MaxValue },
        Reused = Here with { Started = Here.Started - 1 },
        Elsewhere = Here with { Host = "node7", Table = "another" };

    private readonly TemporaryFolder _folder = new();
    private readonly SteppedClock _clock = new();

    private string Path => _folder["claim.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_claim_of_a_process_that_is_alive_stays_however_long_it_is_silent()
    {
        Claim held = Of(Here).TryTake(Path)!;
        Claims other = Of(Here);
        for (int look = 0; look < 100; look++)
        {
            Assert.Null(other.TryTake(Path));
            _clock.Step(TimeSpan.FromHours(1));
        }
        Assert.True(other.IsHeld(Path));
        Assert.True(held.IsOwn());
        held.Dispose();
        Assert.False(other.IsHeld(Path));
        using Claim next = other.TryTake(Path)!;
        Assert.NotNull(next);
        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_claim_of_a_process_that_has_ended_is_taken_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The number of no process is known for Linux.");
        foreach (ProcessIdentity gone in (ProcessIdentity[])[Ended, Reused])
        {
            Claim lost = Of(gone).TryTake(Path)!;
            Assert.False(Of(Here).IsHeld(Path));
            using Claim taken = Of(Here).TryTake(Path)!;
            Assert.NotNull(taken);
            Assert.False(lost.IsOwn());
            lost.Dispose();
            Assert.True(taken.IsOwn());
        }
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_claim_of_another_machine_expires_when_it_has_not_changed_for_a_minute_of_looking()
    {
        Claim held = Of(Elsewhere).TryTake(Path)!;
        Claims observer = Of(Here);
        for (int beat = 0; beat < 40; beat++)
        {
            Assert.Null(observer.TryTake(Path));
            _clock.Step(TimeSpan.FromSeconds(4));
            if (beat % 10 == 0) held.Beat();
        }
        Assert.True(held.IsOwn());
        held.Beat();
        int looks = LooksUntilTaken(observer, TimeSpan.FromSeconds(4), out Claim taken);
        Assert.Equal(16, looks);
        held.Beat();
        Assert.False(held.IsOwn());
        held.Dispose();
        Assert.True(taken.IsOwn());
        Assert.Contains("has it now", held.LostText("It"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observer_that_slept_or_whose_clock_jumped_has_not_looked()
    {
        _ = Of(Elsewhere).TryTake(Path);
        Assert.Equal(13, LooksUntilTaken(Of(Here), TimeSpan.FromDays(1), out _));
    }

    [Fact]
    public void One_look_is_never_enough()
    {
        _ = Of(Elsewhere).TryTake(Path);
        for (int i = 0; i < 30; i++)
        {
            Assert.True(Of(Here).IsHeld(Path));
            Assert.Null(Of(Here).TryTake(Path));
            _clock.Step(TimeSpan.FromMinutes(1));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("{\"owner\":\"me\",\"process\":\"many\"}")]
    [InlineData("[1]")]
    [InlineData("{\"owner\":\"../../00000000000000000000000000\",\"claim\":1,\"host\":\"a\",\"table\":\"\",\"process\":1,\"started\":1,\"beat\":\"1\"}")]
    [InlineData("{\"owner\":\"00000000000000000000000000000000\",\"claim\":1,\"host\":\"\\u001b[31m\",\"table\":\"\",\"process\":1,\"started\":1,\"beat\":\"1\"}")]
    [InlineData("pipe")]
    [InlineData("link")]
    [InlineData("large")]
    public void Garbage_counts_as_a_claim_that_does_not_change(string content)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && content is "pipe" or "link", "Windows has no such files without a privilege.");
        if (content == "pipe") Assert.Equal(0, MakePipe(Path, 0x1B6));
        else if (content == "link") File.CreateSymbolicLink(Path, _folder["nothing"]);
        else File.WriteAllText(Path, content == "large" ? new string('x', 1 << 20) : content);
        Claims claims = Of(Here);
        Assert.Contains("no claim that lottery wrote", Claims.Waiting(Path, "It is held"), StringComparison.Ordinal);
        Assert.Equal(13, LooksUntilTaken(claims, TimeSpan.FromSeconds(5), out Claim taken));
        Assert.True(taken.IsOwn());
        taken.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Of_many_that_want_a_claim_one_gets_it()
    {
        for (int round = 0; round < 20; round++)
        {
            if (round % 2 == 1) Of(Ended).TryTake(Path);
            Claim?[] taken = new Claim?[8];
            using var start = new Barrier(taken.Length);
            Thread[] threads = [.. taken.Select((_, i) => new Thread(() =>
            {
                Claims claims = Of(Here);
                start.SignalAndWait();
                // A try may lose against one that only looks after a claim of a dead process: then none has it yet.
                while (taken.All(one => one is null)) taken[i] = claims.TryTake(Path);
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            Claim one = Assert.Single(taken, claim => claim is not null)!;
            Assert.True(one.IsOwn());
            one.Dispose();
            Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        }
    }

    [Fact]
    public void Threads_of_one_process_wait_for_each_other()
    {
        Claims claims = Of(Here);
        int inside = 0, most = 0, taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 25; i++)
            {
                using Claim claim = claims.Take(Path);
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref taken);
                Interlocked.Decrement(ref inside);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Equal((1, 100), (most, taken));
    }

    [Fact]
    public void Who_dies_while_taking_over_is_taken_over_itself()
    {
        _ = Of(Ended).TryTake(Path);
        for (int at = 0; ; at++)
        {
            using var disk = new FaultyDisk(_folder.Path, at, DiskFault.Kill);
            try
            {
                if (Of(Ended).TryTake(Path) is not null && !disk.HasFailed) break;
            }
            catch (ProcessEnded)
            {
                // As intended.
            }
        }
        using Claim taken = Of(Here).TryTake(Path)!;
        Assert.NotNull(taken);
    }

    [Fact]
    public void A_claim_that_could_not_be_deleted_can_be_taken_again()
    {
        Claims claims = Of(Here);
        Claim first = claims.TryTake(Path)!;
        using (new FaultyDisk(_folder.Path, 0, DiskFault.Failure)) first.Dispose();
        Assert.True(File.Exists(Path));
        using Claim again = claims.TryTake(Path)!;
        Assert.NotNull(again);
    }

    [Fact]
    public void A_file_system_without_links_has_claims_too()
    {
        using var disk = new NoLinks(_folder.Path);
        using (Claim held = Of(Here).TryTake(Path)!)
        {
            Assert.True(held.IsOwn());
            Assert.Null(Of(Here).TryTake(Path));
        }
        _ = Of(Ended).TryTake(Path);
        using Claim taken = Of(Here).TryTake(Path)!;
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Who_lost_a_run_writes_nothing_more_of_it_and_gets_the_result_of_the_other()
    {
        List<string> said = [];
        RunStore sleeper = new(new StorePaths(_folder["store"]) { Claims = Of(Elsewhere) }) { Initial = MadeUp.Initial, Warn = Say };
        RunStore other = new(new StorePaths(_folder["store"]) { Claims = Of(Here) }) { Initial = MadeUp.Initial };
        string id = RunIdentity.Of(MadeUp.Dense());
        using IRunSession asleep = sleeper.Begin(MadeUp.Dense(), CancellationToken.None);
        asleep.Save(MadeUp.Checkpoint(MadeUp.Dense(), 100));
        for (int look = 0; look < 12; look++)
        {
            Assert.True(other.Paths.Claims.IsHeld(other.Paths.Claim(id)));
            _clock.Step(TimeSpan.FromSeconds(5));
        }
        using IRunSession session = other.Begin(MadeUp.Dense(), CancellationToken.None);
        Assert.Equal(100, session.Resume!.Step);
        asleep.Save(MadeUp.Checkpoint(MadeUp.Dense(), 200));
        Assert.Equal(100, CheckpointFile.ReadStep(other.Paths.Checkpoint(id), id));
        var finishing = Task.Run(() => asleep.Finish(MadeUp.Result(MadeUp.Dense())), TestContext.Current.CancellationToken);
        while (!Said().Any(sentence => sentence.Contains("waiting for it", StringComparison.Ordinal))) await Task.Yield();
        Assert.Single(Said(), sentence => sentence.Contains("writes nothing more of it", StringComparison.Ordinal) && sentence.Contains(Environment.MachineName, StringComparison.Ordinal));
        Assert.Empty(other.List());
        session.Finish(MadeUp.Result(MadeUp.Dense()));
        await finishing;
        Assert.NotNull(sleeper.Find(MadeUp.Dense()));
        Assert.Empty(Directory.GetFileSystemEntries(other.Paths.Active));

        void Say(string sentence)
        {
            lock (said) said.Add(sentence);
        }

        string[] Said()
        {
            lock (said) return [.. said];
        }
    }

    [Fact]
    public void Who_lost_a_run_finishes_it_if_the_other_does_not()
    {
        RunStore sleeper = new(new StorePaths(_folder["store"]) { Claims = Of(Elsewhere) }) { Initial = MadeUp.Initial };
        RunStore other = new(new StorePaths(_folder["store"]) { Claims = Of(Here) }) { Initial = MadeUp.Initial };
        using IRunSession asleep = sleeper.Begin(MadeUp.Dense(), CancellationToken.None);
        for (int look = 0; look < 12; look++)
        {
            Assert.True(other.Paths.Claims.IsHeld(other.Paths.Claim(RunIdentity.Of(MadeUp.Dense()))));
            _clock.Step(TimeSpan.FromSeconds(5));
        }
        other.Begin(MadeUp.Dense(), CancellationToken.None).Dispose();
        asleep.Finish(MadeUp.Result(MadeUp.Dense()));
        Assert.Equal(RunIdentity.Of(MadeUp.Dense()), Assert.Single(other.List()).Id);
        Assert.Empty(Directory.GetFileSystemEntries(other.Paths.Active));
    }

    [Fact]
    public void A_reserved_run_is_this_process_s_and_is_given_back_if_it_is_not_begun()
    {
        RunStore one = new(_folder["store"]) { Initial = MadeUp.Initial }, other = new(_folder["store"]) { Initial = MadeUp.Initial };
        using (IDisposable reserved = one.Reservations.Reserve(MadeUp.Dense())!)
        {
            Assert.Null(other.Reservations.Reserve(MadeUp.Dense()));
            using IRunSession session = one.Begin(MadeUp.Dense(), CancellationToken.None);
            session.Finish(MadeUp.Result(MadeUp.Dense()));
        }
        one.Reservations.Reserve(MadeUp.Dense(2))!.Dispose();
        using (other.Reservations.Reserve(MadeUp.Dense(2))) Assert.NotNull(other.Reservations.Reserve(MadeUp.Dense()));
        Assert.Empty(Directory.GetFileSystemEntries(one.Paths.Active));
    }

    [Fact]
    public void A_folder_that_another_process_begins_to_use_is_left_to_it()
    {
        using var disk = new LateComer(_folder.Path);
        StoreFolder.RemoveEmpty(_folder["run"]);
        Directory.CreateDirectory(_folder["run"]);
        StoreFolder.RemoveEmpty(_folder["run"]);
        Assert.True(File.Exists(_folder["run/claim.json"]));
    }

    private Claims Of(ProcessIdentity identity) => new(identity, _clock);

    private int LooksUntilTaken(Claims observer, TimeSpan between, out Claim taken)
    {
        for (int looks = 1; ; looks++)
        {
            if (observer.TryTake(Path) is { } claim)
            {
                taken = claim;
                return looks;
            }
            _clock.Step(between);
        }
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    /// <summary>A clock that goes on by steps, and does not know the time of day.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The time of day is not to be trusted.");

        public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }

    /// <summary>Something is in every folder at the moment when it is removed.</summary>
    private sealed class LateComer(string root) : DiskWatch(root)
    {
        public override Exception? Before(DiskStep step, ref int length)
        {
            if (step.Call == DiskCall.DeleteFolder) File.WriteAllText(System.IO.Path.Combine(step.Path, "claim.json"), "");
            return null;
        }
    }

    private sealed class NoLinks(string root) : DiskWatch(root)
    {
        public override Exception? Before(DiskStep step, ref int length) => step.Call == DiskCall.Link ? new NotSupportedException() : null;
    }
}
