using Lottery.Torture;

namespace Lottery.SystemTests.Studies;

/// <summary>The short form of <c>./dev torture</c>.</summary>
public sealed class TortureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_twenty_times_a_study_ends_as_if_it_had_not_been()
    {
        TortureTest test = Test(1);
        Assert.InRange(test.Kill(test.Short, 14) + test.Kill(test.Long, 6), 2, 22);
        Assert.InRange(test.FilesCompared, 100, 10_000);
    }

    [Fact]
    public void Killed_at_some_calls_of_the_store_it_ends_the_same() => Assert.InRange(Test(2).KillAtEveryCall(every: 23), 5, 10);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(8, 3)]
    public void Workers_train_each_run_once_unless_they_are_killed(int workers, int kills)
    {
        TortureTest test = Test(3);
        Assert.InRange(test.Share(test.Short, workers, kills).Twice, 0, kills);
    }

    [Fact]
    public void A_stopped_worker_keeps_its_run() => Test(4).StopAndContinue();

    private TortureTest Test(int seed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        return new(_folder.Path, seed);
    }
}
