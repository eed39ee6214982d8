using Lottery.Search;

namespace Lottery.UnitTests.Search;

/// <summary>A search that was stopped anywhere and goes on finds the bits of one that was not.</summary>
public sealed class SearchInterruptionTests
{
    public static MatrixTheoryData<string, int> OptimizersAndSessions { get; } =
        new(["adam", "sgd", "late", "restless"], [1, 2, 7, 23, 44]);

    [Theory]
    [MemberData(nameof(OptimizersAndSessions))]
    public void Cancelled_after_so_many_steps_and_gone_on(string how, int steps)
    {
        (string bits, int sessions, int resumed) = InSessions(how, steps, crash: false);
        Assert.Equal(AtOnce(how), bits);
        Assert.InRange(resumed, sessions / 2, sessions);
    }

    [Theory]
    [InlineData("adam", 4)]
    [InlineData("sgd", 17)]
    [InlineData("late", 40)]
    [InlineData("restless", 40)]
    public void Crashed_after_so_many_steps_and_gone_on(string how, int steps)
    {
        (string bits, _, int resumed) = InSessions(how, steps, crash: true);
        Assert.Equal(AtOnce(how), bits);
        Assert.InRange(resumed, 1, int.MaxValue);
    }

    [Fact]
    public void Cancelled_before_it_began_nothing_is_done()
    {
        var runs = new MemoryRunStore();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SmallSearch.Of(SmallSearch.WithAdam, runs).Results(1, source.Token));
        Assert.Empty(runs.Finished);
    }

    [Fact]
    public void Cancelled_between_two_levels_nothing_is_lost()
    {
        var runs = new MemoryRunStore();
        using var source = new CancellationTokenSource();
        using (IEnumerator<Level> levels = SmallSearch.Of(SmallSearch.WithAdam, runs).Run(1, source.Token).GetEnumerator())
        {
            Assert.True(levels.MoveNext() && levels.MoveNext());
            source.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => levels.MoveNext());
        }
        Assert.Equal(4, runs.Finished.Length);
        Assert.Equal(
            Fingerprint.Of(SmallSearch.Of(SmallSearch.WithAdam).Results()),
            Fingerprint.Of(SmallSearch.Of(SmallSearch.WithAdam, runs).Results()));
    }

    private static (string Bits, int Sessions, int Resumed) InSessions(string how, int steps, bool crash)
    {
        var kept = new MemoryRunStore();
        for (int session = 1, resumed = 0; ; session++)
        {
            using var source = new CancellationTokenSource();
            var runs = new InterruptedRuns(kept, steps, crash ? null : source);
            try
            {
                return (Fingerprint.Of(Search(how, runs).Results(1, source.Token)), session, resumed + runs.Resumed);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or IOException)
            {
                resumed += runs.Resumed;
            }
        }
    }

    private static string AtOnce(string how) => Fingerprint.Of(Search(how, new MemoryRunStore()).Results());

    private static TicketSearch Search(string how, IRunStore runs) => SmallSearch.Of(
        how switch
        {
            "sgd" => SmallSearch.WithSgd,
            "restless" => SmallSearch.Restless,
            _ => SmallSearch.WithAdam,
        },
        runs,
        SmallSearch.Pruning with { Levels = 1, RewindTo = how == "late" ? 13 : 0 });
}
