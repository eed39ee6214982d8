using System.Collections.Frozen;
using System.Collections.Immutable;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>The content of a store at one time.</summary>
/// <param name="Runs">The finished runs, as they are listed.</param>
/// <param name="ById">The finished runs by id.</param>
/// <param name="Underway">The runs that are not finished.</param>
/// <param name="ActiveJobs">The commands that train runs, running or stopped.</param>
/// <param name="Studies">The studies, in the order of their names.</param>
/// <param name="Warnings">A sentence for each damaged file that was skipped.</param>
/// <param name="Finished">Increases whenever the finished runs or the studies change.</param>
/// <param name="Version">Increases whenever anything changes.</param>
internal sealed record StoreSnapshot(
    ImmutableArray<RunSummary> Runs, FrozenDictionary<string, RunSummary> ById, ImmutableArray<ActiveRun> Underway,
    ImmutableArray<ActiveJob> ActiveJobs, ImmutableArray<StudyRuns> Studies, ImmutableArray<string> Warnings,
    long Finished, long Version)
{
    /// <summary>What Slurm does for the jobs that it has, by their names; none before it was asked.</summary>
    public ImmutableDictionary<string, SlurmActivity> Slurm { get; init; } = ImmutableDictionary<string, SlurmActivity>.Empty;

    /// <summary>The cards that processes train on, of any machine.</summary>
    public ImmutableArray<ActiveCard> Cards { get; init; } = [];

    /// <summary>The card that a run is trained on; null where it is trained by a processor.</summary>
    public ActiveCard? CardOf(string id) => Cards.FirstOrDefault(card => card.Runs.Contains(id));

    /// <summary>The node on which a run is trained; null where it is not on Slurm.</summary>
    public string? NodeOf(string id) => Slurm.Values.Select(activity => activity.NodeOf.GetValueOrDefault(id)).FirstOrDefault(node => node is not null);

    /// <summary>The runs that a process is training.</summary>
    public IEnumerable<ActiveRun> Running => Underway.Where(run => run.Running);

    /// <summary>The runs whose last attempt failed.</summary>
    public IEnumerable<ActiveRun> Failed => Underway.Where(run => run is { Running: false, Failure: not null });

    /// <summary>The runs whose process stopped or was killed, and that did not fail.</summary>
    public IEnumerable<ActiveRun> Interrupted => Underway.Where(run => run is { Running: false, Failure: null });

    /// <summary>When a run was last started, finished or failed; null if there is none.</summary>
    public DateTimeOffset? LastActivity => Runs.Select(run => run.Ended).Concat(Underway.Select(run => run.Failure?.At ?? run.Started))
        .Select(time => (DateTimeOffset?)time).Max();

    /// <summary>Steps per second, summed over the runs that are being trained.</summary>
    public double StepsPerSecond => Running.Where(run => double.IsFinite(run.StepsPerSecond)).Sum(run => run.StepsPerSecond);
}

/// <summary>The runs of a study, finished or not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ids">The ids of its runs.</param>
internal sealed record StudyRuns(string Name, ImmutableArray<string> Ids);
