using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Maintenance;
using Lottery.Studies.Store.Packs;
using Lottery.Studies.Store.Snapshots;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>
/// Runs in a folder. A finished run is stored whole or not at all; an active run resumes from its checkpoint after any
/// interruption. Any number of threads and processes may use one store at once.
/// </summary>
public sealed class RunStore : IRunStore
{
    /// <summary>The format of a store and of every file in it; a store of another format is refused and not touched.</summary>
    public const int Format = 3;

    private readonly RunIndex _index;
    private readonly StudyLists _studies;
    private readonly MetricsPacks _packs;
    private readonly SnapshotStore _snapshots;
    private readonly Reservations _reservations;
    private readonly ActiveJobs _jobs;
    private readonly ConcurrentDictionary<string, string> _dataNames = [];

    /// <summary>The store in <paramref name="folder"/>, which is created when the first run begins.</summary>
    /// <exception cref="UserException">It is a store of another format, a file, or a folder of other files.</exception>
    public RunStore(string folder) : this(new StorePaths(folder))
    {
    }

    internal RunStore(StorePaths paths)
    {
        Paths = paths;
        Paths.Claims.Warn = message => Warn(message);
        _index = new(Paths, message => Warn(message));
        _studies = new(Paths, message => Warn(message));
        _packs = new(Paths, message => Warn(message), message => Say(message));
        _snapshots = new(this);
        _reservations = new(this);
        _jobs = new(Paths);
        if (Exists) StoreFormat.Require(Paths);
        else StoreFormat.RequireVacant(Paths);
    }

    /// <summary>The paths of the store.</summary>
    internal StorePaths Paths { get; }

    /// <summary>True if the folder is a store; false where none has been created yet.</summary>
    public bool Exists => File.Exists(Paths.StoreFile);

    /// <summary>Receives a sentence for damage that is repaired or skipped, and for waiting.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Receives a sentence before a work that takes long.</summary>
    internal Action<string> Say { get; init; } = _ => { };

    /// <summary>With more runs than this in no pack, their evaluations are packed: opening so many files takes a second.</summary>
    internal int MostOutsidePacks { get; init; } = 1_000;

    /// <summary>
    /// The initial weights that a run's specification and mask give, or null where they do not; weights that this function gives
    /// to the bit are not stored.
    /// </summary>
    public Func<RunSpecification, Mask, Weights?> Initial { get; init; } =
        (run, mask) => StartingWeights.FollowFromSeed(run) ? StartingWeights.Of(run, mask) : null;

    /// <summary>Records the name of a data set, for the runs that finish from now on.</summary>
    public void NameData(Dataset data) => _dataNames[data.Sha256] = data.Name;

    /// <inheritdoc/>
    public RunResult? Find(RunSpecification run)
    {
        if (Writer?.Find(run) is { } trained) return trained;
        string folder = Paths.Run(RunIdentity.Of(run));
        return Directory.Exists(folder) ? RunFolder.Read(folder, run, Initial) : null;
    }

    /// <inheritdoc/>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public IRunSession Begin(RunSpecification run, CancellationToken cancellationToken) =>
        RunSession.Begin(this, run, cancellationToken);

    /// <inheritdoc/>
    public Weights? FindSnapshot(RunSpecification dense, int step) => _snapshots.Find(dense, step);

    /// <inheritdoc/>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public void KeepSnapshot(RunSpecification dense, int step, Weights weights) => _snapshots.Keep(dense, step, weights);

    /// <inheritdoc/>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellationToken) =>
        SnapshotSession.Begin(this, _snapshots, dense, step, cancellationToken);

    /// <summary>True if the weights of a dense run at a step are kept.</summary>
    internal bool HasSnapshot(RunSpecification dense, int step) => _snapshots.Has(dense, step);

    /// <summary>
    /// Every finished run that can be read: by network, data, seed, level; the ticket before its controls. <see cref="Warn"/> receives
    /// a sentence for those that are left out.
    /// </summary>
    public ImmutableArray<RunSummary> List()
    {
        RunSummary[] runs = _index.Read(studies: _studies.OfRuns());
        RunOrder.Sort(runs);
        return ImmutableCollectionsMarshal.AsImmutableArray(runs);
    }

    /// <summary>Where the evaluations of all runs are; packs are written where many runs are in none.</summary>
    /// <param name="runs">The runs of the store's list that have evaluations.</param>
    internal MetricsPlaces FindMetrics(IReadOnlyList<RunSummary> runs) => _packs.Find(runs, MostOutsidePacks, areAll: true);

    /// <summary>Reads the evaluations of many runs of the store's list from packs; of few, and of those that are in none, nothing.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="read">Receives the id and the rows of a run; called by several threads at once.</param>
    internal void ReadPacked(IReadOnlyCollection<RunSummary> runs, Action<string, MetricsTable> read)
    {
        if (runs.Count > MostOutsidePacks) _packs.Read([.. runs.Where(run => run.HasEvaluations)], MostOutsidePacks, read);
    }

    /// <summary>The one finished run whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    public string Resolve(string prefix)
    {
        string[] ids = [.. FinishedIds.Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
        if (ids.Contains(prefix)) return prefix;
        if (ids.Length == 1 && prefix.Length > 0) return ids[0];
        if (ids.Length == 0 && prefix.Length > 0 && ActiveIds.FirstOrDefault(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } left)
            throw new UserException($"Run {RunIdentity.Short(left)} is not finished; the command that began it completes it, and "
                + $"`lottery runs discard {RunIdentity.Short(left)}` removes what there is of it.");
        throw new UserException(ids.Length == 0 || prefix.Length == 0
            ? $"No finished run in {Paths.Root} has an id that begins with '{prefix}'; `lottery runs list` shows them."
            : $"{ids.Length} runs begin with '{prefix}', {RunIdentity.Short(ids[0])} and {RunIdentity.Short(ids[1])} "
              + "among them; give more of the id.");
    }

    /// <summary>The one run that is not finished whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    internal string ResolveActive(string prefix)
    {
        string[] ids = [.. ActiveIds.Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
        if (ids.Length == 1 && prefix.Length > 0) return ids[0];
        throw new UserException(ids.Length < 2
            ? $"No unfinished run in {Paths.Root} has an id that begins with '{prefix}'; `lottery serve` shows which there are, and --all takes all."
            : $"{ids.Length} unfinished runs begin with '{prefix}', {RunIdentity.Short(ids[0])} and {RunIdentity.Short(ids[1])} among them; give more of the id.");
    }

    /// <summary>The finished run with a full id, without its studies.</summary>
    /// <exception cref="UserException">There is no such run, an ancestor is missing, or a file is damaged.</exception>
    public RunSummary Summary(string id) => RunFile.ReadSummary(RunFilePath(id), Specification);

    /// <summary>The content of <c>run.json</c> of the finished run with a full id.</summary>
    /// <exception cref="UserException">There is no such run, or its file is damaged or of another format.</exception>
    public JsonObject Document(string id) => RunFile.Read(RunFilePath(id));

    /// <summary>SHA-256 of what each stage of a finished run produced, in the order of the run.</summary>
    /// <exception cref="UserException">There is no such run, or its file is damaged or of another format.</exception>
    public ImmutableArray<(string Stage, string Sha256)> Stages(string id) => RunStages.Read(Document(id));

    /// <summary>A finished run with its weights.</summary>
    /// <exception cref="UserException">There is no such run, or a file is damaged.</exception>
    public RunResult Load(string id) => RunFolder.Read(Paths.Run(id), Specification(id), Initial);

    /// <summary>The mask and the weights of a finished run, without its evaluations and metrics.</summary>
    /// <exception cref="UserException">Their file is missing or damaged.</exception>
    internal TensorFile Tensors(RunSummary run) => RunFolder.ReadTensors(Paths.Run(run.Id), run.Specification, Initial);

    /// <summary>The evaluations of a run, finished or active, by step; none where there is no such run.</summary>
    /// <exception cref="UserException">Its file is damaged.</exception>
    public ImmutableArray<Evaluation> Evaluations(string id) => Directory.Exists(Paths.Run(id))
        ? RunFolder.ReadEvaluations(Paths.Run(id), Document(id))
        : ActiveRun.Read(Paths, id)?.Evaluations ?? [];

    /// <summary>The evaluations of a run of the store's list, by step: its <c>run.json</c> is not read again.</summary>
    /// <exception cref="UserException">Their file is damaged.</exception>
    internal ImmutableArray<Evaluation> Evaluations(RunSummary run) => run.EvaluationsSha256 is { } hash
        ? MetricsFile.Read(Path.Combine(Paths.Run(run.Id), StorePaths.MetricsFile), hash) : Evaluations(run.Id);

    /// <summary>A summary of a finished run's weights for charts; computed again and stored if its file is missing.</summary>
    /// <exception cref="UserException">There is no such run, or a file is damaged.</exception>
    internal WeightDigest Digest(string id)
    {
        string path = Path.Combine(Paths.Run(id), StorePaths.DigestFile);
        if (!File.Exists(path)) return DigestFile.Keep(path, WeightDigest.Of(Load(id)));
        try
        {
            return DigestFile.Read(path);
        }
        catch (UserException)
        {
            // It says nothing that the weights do not; `runs verify` names it.
            return WeightDigest.Of(Load(id));
        }
    }

    /// <summary>Puts runs, finished or not yet, into a study.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="ids">The runs' ids; the first is one of the reference, which other conditions are compared with.</param>
    /// <param name="axes">The columns of <c>runs</c> that vary between the study's conditions, as in <c>lr</c>.</param>
    /// <exception cref="UserException">The name is impossible, or the store cannot be written.</exception>
    public void AddToStudy(string study, IEnumerable<string> ids, params IEnumerable<string> axes) => AddToStudy(study, new StudyPart([.. axes], [.. ids.Distinct()]));

    /// <summary>Puts what a command planned into a study.</summary>
    /// <exception cref="UserException">The name is impossible, or the store cannot be written.</exception>
    internal void AddToStudy(string study, StudyPart part)
    {
        if (_studies.Has(study, part)) return; // A store that cannot be written still has what it has.
        StoreErrors.Guard(Paths.Studies, () =>
        {
            Create();
            using Claim held = Paths.TakeLock();
            _studies.Add(study, part);
        });
    }

    /// <summary>The names of the studies that runs were put into, in ordinal order.</summary>
    public ImmutableArray<string> StudyNames => [.. _studies.Names];

    /// <summary>The ids in a study, finished or not, in the order in which they were put there.</summary>
    public ImmutableArray<string> Study(string study) => [.. _studies.Read(study).SelectMany(part => part.Runs).Distinct()];

    /// <summary>What the commands on a study planned, the oldest first.</summary>
    internal ImmutableArray<StudyPart> StudyParts(string study) => _studies.Read(study);

    /// <summary>The runs that are not finished (training, interrupted or failed), in the order in which they were started.</summary>
    internal ImmutableArray<ActiveRun> ListActive() =>
    [
        // A crash just after a run was finished leaves its folder, which says nothing any more.
        .. ActiveIds.Where(id => !Directory.Exists(Paths.Run(id))).Select(id => ActiveRun.Read(Paths, id)).OfType<ActiveRun>()
            .OrderBy(run => run.Started),
    ];

    /// <summary>Records why an attempt at a run failed, for the dashboard, until the next attempt.</summary>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public void Fail(RunSpecification run, string reason)
    {
        StoreErrors.Guard(Paths.Failure(RunIdentity.Of(run)), () => RunFailure.Record(this, run, reason, cause: null));
    }

    /// <summary>Records that a run was not begun, because the run with the id <paramref name="failed"/>, which it comes from, failed.</summary>
    /// <exception cref="UserException">The store cannot be written.</exception>
    internal void Skip(RunSpecification run, string failed, string reason) =>
        StoreErrors.Guard(Paths.Failure(RunIdentity.Of(run)), () => RunFailure.Record(this, run, reason, failed));

    /// <summary>Publishes, for the dashboard, which runs this process is to complete.</summary>
    /// <param name="title">What the command does, in a line.</param>
    /// <param name="study">The study's name; null for a search.</param>
    /// <param name="jobs">Threads in all.</param>
    /// <param name="runs">All runs, each with the estimated time on one thread, in seconds.</param>
    /// <param name="command">The command, as it can be given once more in the current folder; null for none.</param>
    /// <exception cref="UserException">The store cannot be written.</exception>
    internal ActiveJobSession BeginJob(
        string title, string? study, int jobs, IEnumerable<(RunSpecification Run, double Seconds)> runs, string? command = null)
    {
        ImmutableArray<PlannedRun> all =
        [
            .. runs.Select(one => new PlannedRun(
                    RunIdentity.Of(one.Run), one.Run.Network.Name, one.Run.Seed, one.Run.Level,
                    ActiveRun.ConditionOf(RunIdentity.Describe(one.Run)), one.Seconds))
                .DistinctBy(run => run.Id),
        ];
        return StoreErrors.Guard(Paths.Jobs,
            () => ActiveJobSession.Begin(this, new(title, study, DateTimeOffset.UtcNow, jobs, all)
            {
                Command = command, Folder = command is null ? null : Environment.CurrentDirectory,
            }));
    }

    /// <inheritdoc cref="ActiveJobs.List"/>
    internal ImmutableArray<ActiveJob> ListActiveJobs() => _jobs.List();

    /// <inheritdoc cref="ActiveCard.List"/>
    internal ImmutableArray<ActiveCard> ListCards() => ActiveCard.List(Paths);

    /// <summary>Checks finished runs, one after the other: files, hashes, counts, and the initial weights that the seed gives.</summary>
    /// <param name="ids">Full ids; all runs where there are none.</param>
    internal IEnumerable<RunCheck> Verify(params IReadOnlyCollection<string> ids) =>
        (ids.Count > 0 ? ids : FinishedIds).Select(new RunVerifier(this).Check);

    /// <summary>Removes finished runs by their full ids, whether they can be read or not.</summary>
    /// <exception cref="UserException">A run that stays comes from one of them; the message names both.</exception>
    public void Remove(params IReadOnlyCollection<string> ids) => Remove(ids, withDescendants: false);

    /// <inheritdoc cref="RunRemoval.Remove(IReadOnlyCollection{string}, bool)"/>
    internal RemovedRuns Remove(IReadOnlyCollection<string> ids, bool withDescendants) =>
        new RunRemoval(this, _index, _studies).Remove(ids, withDescendants);

    /// <inheritdoc cref="RunRemoval.RemoveStudy"/>
    internal RemovedRuns RemoveStudy(string study, bool withDescendants) =>
        new RunRemoval(this, _index, _studies).RemoveStudy(study, withDescendants);

    /// <summary>For every folder of a finished run the ids that it comes from; also for those that cannot be read.</summary>
    internal IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)> Ancestors() => _index.ReadAncestors(locked: false);

    /// <inheritdoc cref="LeftoverRemoval.Remove"/>
    internal DiscardedLeftovers Discard(IReadOnlyCollection<string>? ids) => new LeftoverRemoval(Paths).Remove(ids);

    /// <summary>Removes what crashes left behind; interrupted runs with a checkpoint stay.</summary>
    /// <returns>The number of bytes freed.</returns>
    /// <exception cref="UserException">The folder is no store, or cannot be written.</exception>
    public long CollectGarbage()
    {
        RequireExisting();
        return new GarbageCollection(Paths).Collect();
    }

    /// <summary>Checks that there is a store to be read.</summary>
    /// <exception cref="UserException">There is none.</exception>
    internal void RequireExisting()
    {
        if (!Exists)
            throw StoreErrors.NotAStore(Paths.Root, Directory.Exists(Paths.Root) ? "it has no store.json" : "there is no such folder");
    }

    /// <summary>
    /// Writes a finished run's tensors in full shape (<c>initial</c>, <c>final</c>, <c>best</c> and
    /// <c>mask.safetensors</c>), <c>metrics.csv</c> and <c>run.json</c> into a new or empty folder, or over an export if <paramref name="replace"/>.
    /// </summary>
    /// <exception cref="UserException">A file of the run is damaged, or the folder holds other files.</exception>
    public void Export(string id, string folder, bool replace = false) =>
        RunExport.Write(Load(id), id, RegularFile.ReadOfRun(RunFilePath(id), RegularFile.MostOfDocument), folder, replace);

    internal RunIndex Index => _index;

    internal Reservations Reservations => _reservations;

    /// <summary>Finishes trained runs in the background; null where who trained them does.</summary>
    internal RunWriter? Writer { get; set; }

    internal string DataName(DataSpecification data) =>
        _dataNames.TryGetValue(data.Sha256, out string? name) ? name : RunIdentity.Short(data.Sha256);

    /// <summary>Creates the folder and its <c>store.json</c>, unless they exist.</summary>
    internal void Create()
    {
        if (Exists) return;
        StoreFormat.RequireVacant(Paths);
        StoreDisk.CreateFolder(Paths.Root);
        using Claim held = Paths.TakeLock();
        if (Exists) return;
        if (StoreProbe.Check(Paths.Root) is [var missing, ..]) throw new UserException(missing);
        DurableFile.Replace(Paths.StoreFile, Encoding.ASCII.GetBytes($"{{\"format\": {Format}}}\n"));
    }

    /// <summary>The names of the folders of finished runs, in ordinal order.</summary>
    internal IReadOnlyCollection<string> FinishedIds => [.. StoreFolder.NamesIn(Paths.Runs).Order(StringComparer.Ordinal)];

    private IEnumerable<string> ActiveIds => StoreFolder.NamesIn(Paths.Active).Where(RunIdentity.IsId).Order(StringComparer.Ordinal);

    private RunSpecification Specification(string id) => Summary(id).Specification;

    private string RunFilePath(string id) => Path.Combine(Paths.Run(id), StorePaths.RunFile);
}
