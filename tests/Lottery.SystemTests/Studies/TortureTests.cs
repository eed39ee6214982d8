using Lottery.Torture;

namespace Lottery.SystemTests.Studies;

/// <summary>The short form of <c>./dev torture</c>.</summary>
/// <param name="studies">The undisturbed studies, with which all others are compared.</param>
public sealed class TortureTests(UndisturbedStudies studies) : IClassFixture<UndisturbedStudies>
{

    [Fact]
    public void Killed_twenty_times_a_study_ends_as_if_it_had_not_been()
    {
        TortureTest test = Test();
        Assert.InRange(test.Kill(test.Short, 14) + test.Kill(test.Long, 6), 2, 22);
        Assert.InRange(test.FilesCompared, 100, 10_000);
    }

    [Fact]
    public void Killed_at_some_calls_of_the_store_it_ends_the_same() => Assert.InRange(Test().KillAtEveryCall(every: 41), 3, 6);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(8, 3)]
    public void Workers_train_each_run_once_unless_they_are_killed(int workers, int kills)
    {
        TortureTest test = Test();
        Assert.InRange(test.Share(test.Short, workers, kills).Twice, 0, kills);
    }

    [Fact]
    public void A_stopped_worker_keeps_its_run() => Test().StopAndContinue();

    private TortureTest Test()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        return studies.Test;
    }
}

/// <summary>Studies that were not disturbed, in a folder for all tests of them.</summary>
public sealed class UndisturbedStudies : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UndisturbedStudies() => Test = new(_folder.Path, seed: 1);

    internal TortureTest Test { get; }

    public void Dispose() => _folder.Dispose();
}
