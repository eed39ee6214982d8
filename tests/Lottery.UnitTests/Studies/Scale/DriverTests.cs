using System.Globalization;
using Lottery.Simulation.Driver;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Studies.Scale;

/// <summary>The measurement of what a run costs besides its training, on a few runs.</summary>
public sealed class DriverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_of_tiny_runs_is_really_completed_and_its_waits_for_the_disk_are_counted()
    {
        using var said = new StringWriter();
        DriverMeasurement.Write(new() { Runs = 20, Levels = 4, Jobs = 2 }, _folder.Path, said);
        var store = new RunStore(_folder["store"]);
        Assert.Equal(20, store.List().Length);
        Assert.All(store.Verify(), check => Assert.Empty(check.Problems));
        Assert.Empty(store.ListActive());
        // Four files, their folder, and the name of the run, which others may share; what begins a store is little beside it.
        Assert.InRange(Of(said, "waits for the disk"), 5, 6.5);
        Assert.InRange(Of(said, "files opened"), 6, 12);
    }

    private static double Of(StringWriter said, string row) => double.Parse(
        said.ToString().Split('\n').Single(line => line.StartsWith($"| {row} |", StringComparison.Ordinal)).Split('|')[2], CultureInfo.InvariantCulture);
}
