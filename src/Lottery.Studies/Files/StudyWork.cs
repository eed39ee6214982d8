using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Execution;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.Studies.Files;

/// <summary>A study's plan compared with a store: which runs are finished, and what the rest costs.</summary>
internal sealed class StudyWork
{
    private readonly ImmutableDictionary<string, Dataset> _data;

    /// <summary>The runs that train a dense run to the step that they rewind to first, by id.</summary>
    private readonly ImmutableDictionary<string, RunSpecification> _prefixes;

    /// <summary>Plans <paramref name="study"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="store">Where runs are kept.</param>
    /// <param name="progress">Receives the progress of runs.</param>
    /// <param name="load">Loads a data set by what the study calls it; null for <see cref="DataSource.Load"/>.</param>
    /// <param name="device">Where runs are trained; null for the processor.</param>
    /// <exception cref="UserException">The study does not fit its data, or they are not there.</exception>
    public StudyWork(
        Study study, RunStore store, IProgress<RunProgress>? progress = null, Func<string, Dataset>? load = null, ITrainingDevice? device = null)
    {
        Store = store;
        Plan = StudyPlan.Create(study, load ?? DataSource.Load, store, new(store), progress, device);
        foreach (Dataset data in Plan.Data.Values) store.NameData(data);
        _data = Plan.Data.Values.DistinctBy(data => data.Sha256).ToImmutableDictionary(data => data.Sha256);
        Missing = [.. Plan.Tasks.Where(task => !Directory.Exists(store.Paths.Run(RunIdentity.Of(task.Run))))];
        _prefixes = Prefixes(Missing, store);
    }

    private StudyWork(StudyWork other) =>
        (Store, Plan, _data, _prefixes) = (other.Store, other.Plan, other._data, other._prefixes);

    /// <summary>Where runs are kept.</summary>
    public RunStore Store { get; }

    /// <summary>All runs of the study.</summary>
    public StudyPlan Plan { get; }

    /// <summary>The runs that are not finished.</summary>
    public ImmutableArray<RunTask> Missing { get; private init; }

    /// <summary>True if other processes complete the rest of the plan, so that they say what there is to do and what became of it.</summary>
    public bool IsPart { get; private init; }

    /// <summary>Runs that are finished.</summary>
    public int There => Plan.Tasks.Length - Missing.Length;

    /// <summary>What runs of the study take of memory.</summary>
    public RunMemory Memory => field ??= new(Plan.Data.Values, Splits);

    /// <summary>The bytes of the lists of examples that are trained on and held out: one list a seed.</summary>
    private long Splits => Plan.Tasks.Select(task => (task.Run.Data, task.Run.Seed)).Distinct()
        .Sum(one => sizeof(int) * (long)(Plan.Data.Values.FirstOrDefault(data => data.Sha256 == one.Data.Sha256)?.Train.Count ?? 0));

    /// <summary>How many of the missing runs fit into memory at once.</summary>
    /// <param name="bytes">The memory of the whole process.</param>
    /// <param name="threads">Threads in all.</param>
    public MemoryPlan MemoryPlan(long bytes, int threads) => new(bytes, Memory, [.. Missing.Select(task => task.Run)], threads);

    /// <summary>What all missing runs take on one thread, in seconds of the machine that <see cref="StepTimes"/> was fitted to.</summary>
    public double Seconds => Missing.Sum(task => Cost(task.Run));

    /// <summary>What they take on this machine, in seconds.</summary>
    /// <param name="atOnce">Runs at once, at least 1.</param>
    public double Wait(int atOnce) => Missing.IsEmpty ? 0 : Seconds * MachinePace.Factor / atOnce;

    /// <summary>The multiply-adds of all missing runs.</summary>
    public double MultiplyAdds => Missing.Sum(task => WorkEstimate.MultiplyAdds(task.Run, Tested(task.Run))
        + (Prefix(task.Run) is { } dense ? WorkEstimate.MultiplyAddsTo(task.Run.FirstStep, dense) : 0));

    /// <summary>The seconds of one thread for a run, and for the dense training before it where it is the first to need that.</summary>
    public double Cost(RunSpecification run) => WorkEstimate.Seconds(run, Tested(run), Zeros(run))
        + (Prefix(run) is { } dense ? WorkEstimate.SecondsTo(run.FirstStep, dense, Zeros(run)) : 0);

    /// <summary>
    /// The same plan, of which only some runs are completed. A run whose parent is neither finished nor among them completes its
    /// parent, too.
    /// </summary>
    /// <param name="ids">Full ids; those that the plan does not have, or that are finished, are ignored.</param>
    public StudyWork Only(IReadOnlySet<string> ids) =>
        new(this) { IsPart = true, Missing = [.. Missing.Where(task => ids.Contains(RunIdentity.Of(task.Run)))] };

    /// <summary>The finished runs, in the order of <paramref name="ids"/>.</summary>
    public IEnumerable<RunSummary> Runs(IReadOnlyCollection<string> ids)
    {
        Dictionary<string, RunSummary> finished = Finished();
        return ids.Select(id => finished[id]);
    }

    /// <summary>The number of examples in the test set of a run's data, 0 if the study does not use the data, and whether they are images.</summary>
    public (int Count, bool AreImages) TestSet(RunSummary run) =>
        _data.GetValueOrDefault(run.Specification.Data.Sha256) is { Test: var test } ? (test.Count, !test.AreNumeric) : default;

    /// <summary>
    /// Weights to rewind to that are neither kept nor passed by a dense run of the plan: the first run that needs them trains for them.
    /// </summary>
    private static ImmutableDictionary<string, RunSpecification> Prefixes(ImmutableArray<RunTask> missing, RunStore store)
    {
        HashSet<string> planned = [.. missing.Select(task => RunIdentity.Of(task.Run))];
        var prefixes = ImmutableDictionary.CreateBuilder<string, RunSpecification>();
        var known = new HashSet<(string, int)>();
        foreach (RunSpecification run in missing.Select(task => task.Run))
            if (run.DenseRun is { } dense && !StartingWeights.FollowFromSeed(run) && StartingWeights.NeedDense(run) && known.Add((RunIdentity.Of(dense), run.FirstStep))
                && !planned.Contains(RunIdentity.Of(dense)) && !store.HasSnapshot(dense, run.FirstStep))
                prefixes.Add(RunIdentity.Of(run), dense);
        return prefixes.ToImmutable();
    }

    private RunSpecification? Prefix(RunSpecification run) => _prefixes.IsEmpty ? null : _prefixes.GetValueOrDefault(RunIdentity.Of(run));

    private Dictionary<string, RunSummary> Finished() => Store.List().ToDictionary(run => run.Id);

    private double Zeros(RunSpecification run) => ZeroInputs.ShareOf(run.Data.Scale, _data[run.Data.Sha256].Train);

    private int Tested(RunSpecification run) => _data[run.Data.Sha256].Test.Count;
}
