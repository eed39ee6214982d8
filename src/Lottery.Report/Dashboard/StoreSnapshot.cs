using System.Collections.Frozen;
using System.Collections.Immutable;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>A store at one moment.</summary>
/// <param name="Runs">The finished runs, as they are listed.</param>
/// <param name="ById">The same by id.</param>
/// <param name="Underway">The runs that are not finished.</param>
/// <param name="ActiveJobs">What commands are at, or were.</param>
/// <param name="Studies">The studies' names.</param>
/// <param name="Warnings">Damage that was passed over, in a sentence each.</param>
/// <param name="Finished">Another number whenever the finished runs or the studies are others.</param>
/// <param name="Version">Another number whenever anything is.</param>
internal sealed record StoreSnapshot(
    ImmutableArray<RunSummary> Runs, FrozenDictionary<string, RunSummary> ById, ImmutableArray<ActiveRun> Underway,
    ImmutableArray<ActiveJob> ActiveJobs, ImmutableArray<string> Studies, ImmutableArray<string> Warnings,
    long Finished, long Version)
{
    /// <summary>The runs that a process works on.</summary>
    public IEnumerable<ActiveRun> Running => Underway.Where(run => run.Running);

    /// <summary>The runs whose last attempt failed.</summary>
    public IEnumerable<ActiveRun> Failed => Underway.Where(run => run is { Running: false, Failure: not null });

    /// <summary>The runs that nobody works on, and that did not fail: their process stopped, or was killed.</summary>
    public IEnumerable<ActiveRun> Interrupted => Underway.Where(run => run is { Running: false, Failure: null });

    /// <summary>The steps a second of all runs under way.</summary>
    public double StepsPerSecond => Running.Where(run => double.IsFinite(run.StepsPerSecond)).Sum(run => run.StepsPerSecond);
}
