using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>
/// Runs in a folder. A finished run is there whole or not at all; one under way goes on from its checkpoint after any
/// interruption. Any number of threads and processes may use one store at once.
/// </summary>
public sealed class RunStore : IRunStore
{
    /// <summary>The format of the folder; a newer one is refused.</summary>
    public const int Format = 1;

    private readonly RunIndex _index;
    private readonly StudyLists _studies;
    private readonly ConcurrentDictionary<string, string> _dataNames = [];

    /// <summary>The store in <paramref name="folder"/>, which is made when the first run begins.</summary>
    /// <exception cref="UserException">The folder is a store of a newer format.</exception>
    public RunStore(string folder)
    {
        Paths = new(folder);
        _index = new(Paths, message => Warn(message));
        _studies = new(Paths);
        RequireFormat();
    }

    /// <summary>Where everything lies.</summary>
    public StorePaths Paths { get; }

    /// <summary>Told of damage that is repaired or passed over, in one sentence.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>
    /// The initial weights that a run's specification and mask give, or null where they do not; what this gives to the
    /// bit is not stored.
    /// </summary>
    public Func<RunSpecification, Mask, Weights?> Initial { get; init; } =
        (run, mask) => StartingWeights.FollowFromSeed(run) ? StartingWeights.Of(run, mask) : null;

    /// <summary>Remembers what a data set is called, for the runs that finish from now on.</summary>
    public void NameData(Dataset data) => _dataNames[data.Sha256] = data.Name;

    /// <inheritdoc/>
    public RunResult? Find(RunSpecification run)
    {
        string folder = Paths.Run(RunIdentity.Of(run));
        return Directory.Exists(folder) ? FinishedRun.Read(folder, run, Initial) : null;
    }

    /// <inheritdoc/>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public IRunSession Begin(RunSpecification run, CancellationToken cancellation) =>
        RunSession.Begin(this, run, cancellation);

    /// <summary>Every finished run: by network, data, seed, level; the ticket before its controls.</summary>
    public ImmutableArray<RunRecord> List()
    {
        ILookup<string, string> studies = _studies.ByRun();
        return
        [
            .. _index.Read()
                .Select(record => record with { Studies = [.. studies[record.Id]] })
                .OrderBy(record => record.Network, StringComparer.Ordinal)
                .ThenBy(record => record.Data, StringComparer.Ordinal)
                .ThenBy(record => record.Seed)
                .ThenBy(record => record.Level)
                .ThenBy(record => record.Criterion, StringComparer.Ordinal)
                .ThenBy(record => record.Control, StringComparer.Ordinal)
                .ThenBy(record => record.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The one finished run whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    public string Resolve(string prefix)
    {
        string[] ids = [.. Ids.Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
        if (ids.Length == 1 && prefix.Length > 0) return ids[0];
        throw new UserException(ids.Length == 0 || prefix.Length == 0
            ? $"No finished run in {Paths.Root} has an id that begins with '{prefix}'; 'lottery runs list' shows them."
            : $"{ids.Length} runs begin with '{prefix}', {RunIdentity.Short(ids[0])} and {RunIdentity.Short(ids[1])} "
              + "among them; give more of the id.");
    }

    /// <summary>All that <c>run.json</c> says of the run whose id begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="UserException">There is no such run, or its file is damaged.</exception>
    public RunDocument Show(string prefix) => Document(Resolve(prefix));

    /// <summary>The specification of a finished run and of its ancestors.</summary>
    /// <exception cref="UserException">There is no such run, an ancestor is missing, or a file is damaged.</exception>
    public RunSpecification Specification(string id)
    {
        RunDocument document = Document(id);
        try
        {
            return document.ReadSpecification(Specification);
        }
        catch (FormatException wrong)
        {
            throw new UserException(
                $"{RunFile(id)} cannot be read: {wrong.Message}; use the version of lottery that wrote it.", 2, wrong);
        }
    }

    /// <summary>A finished run with its weights.</summary>
    /// <exception cref="UserException">There is no such run, or a file is damaged.</exception>
    public RunResult Load(string id) => FinishedRun.Read(Paths.Run(id), Specification(id), Initial);

    /// <summary>A finished run's evaluations on the validation set, by step.</summary>
    /// <exception cref="UserException">Their file is damaged.</exception>
    public ImmutableArray<Evaluation> Evaluations(RunDocument run) => MetricsFile.Read(
        Path.Combine(Paths.Run(run.Id), StorePaths.MetricsFile), run.Hashes.Files[StorePaths.MetricsFile]);

    /// <summary>What charts need of a finished run's weights; of a run that was kept without it, it is made and kept.</summary>
    /// <exception cref="UserException">There is no such run, or a file is damaged.</exception>
    public WeightDigest Digest(string id)
    {
        string path = Path.Combine(Paths.Run(id), StorePaths.DigestFile);
        return File.Exists(path) ? DigestFile.Read(path) : DigestFile.Keep(path, WeightDigest.Of(Load(id)));
    }

    /// <summary>Puts runs, finished or not yet, into a study.</summary>
    /// <exception cref="UserException">The name is impossible, or the store cannot be written.</exception>
    public void AddToStudy(string study, IEnumerable<string> ids) => StoreErrors.Guard(Paths.Studies, () =>
    {
        Create();
        using FileLock held = FileLock.Take(Paths.LockFile);
        _studies.Add(study, ids);
    });

    /// <summary>The names of the studies that runs were put into, in ordinal order.</summary>
    public ImmutableArray<string> StudyNames => [.. _studies.Names];

    /// <summary>The ids in a study, finished or not, in the order in which they were put there.</summary>
    public ImmutableArray<string> Study(string study) => [.. _studies.Read(study)];

    /// <summary>The runs that are not finished, running or interrupted, by when they were started.</summary>
    public ImmutableArray<RunUnderway> ListUnderway() =>
    [
        .. FoldersOf(Paths.Active).Select(id => RunUnderway.Read(Paths, id)).OfType<RunUnderway>()
            .OrderBy(run => run.Started),
    ];

    /// <summary>The evaluations of a run, finished or not, by step; none where there is no such run.</summary>
    /// <exception cref="UserException">Its file is damaged.</exception>
    public ImmutableArray<Evaluation> Evaluations(string id) => Directory.Exists(Paths.Run(id))
        ? MetricsFile.Read(
            Path.Combine(Paths.Run(id), StorePaths.MetricsFile), Document(id).Hashes.Files[StorePaths.MetricsFile])
        : RunUnderway.Read(Paths, id)?.Evaluations ?? [];

    /// <summary>Keeps the reason why an attempt at a run failed, for whoever watches, until the next attempt.</summary>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public void Fail(RunSpecification run, string reason)
    {
        string id = RunIdentity.Of(run);
        StoreErrors.Guard(Paths.Failure(id), () => new RunFailure(reason, DateTimeOffset.UtcNow).Write(Paths, id));
    }

    /// <summary>Tells whoever watches which runs this process has set out to complete.</summary>
    /// <param name="title">What is done, in a line.</param>
    /// <param name="study">The study's name; null for a search.</param>
    /// <param name="jobs">Threads in all.</param>
    /// <param name="runs">All runs, and what each takes on one thread, in seconds.</param>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public ActiveJobSession BeginJob(
        string title, string? study, int jobs, IEnumerable<(RunSpecification Run, double Seconds)> runs)
    {
        ImmutableArray<ActiveJobRun> all =
        [
            .. runs.Select(one => new ActiveJobRun(
                    RunIdentity.Of(one.Run), one.Run.Network.Name, one.Run.Seed, one.Run.Level,
                    RunWords.Treatment(RunIdentity.Describe(one.Run)), one.Seconds))
                .DistinctBy(run => run.Id),
        ];
        return StoreErrors.Guard(Paths.ActiveJobs,
            () => ActiveJobSession.Begin(this, new(title, study, DateTimeOffset.UtcNow, jobs, all)));
    }

    /// <summary>What commands are at, or were when they were interrupted, the newest first.</summary>
    public ImmutableArray<ActiveJob> ListActiveJobs() =>
    [
        .. FoldersOf(Paths.ActiveJobs).Select(name => ActiveJob.Read(Paths, name)).OfType<ActiveJob>()
            .OrderByDescending(work => work.Started),
    ];

    /// <summary>Checks finished runs, one after the other: files, hashes, counts, what the seed regenerates.</summary>
    /// <param name="ids">Full ids; all runs where there are none.</param>
    public IEnumerable<RunCheck> Verify(params IReadOnlyCollection<string> ids) =>
        (ids.Count > 0 ? ids : Ids).Select(new RunVerifier(this).Check);

    /// <summary>Removes finished runs by their full ids.</summary>
    /// <exception cref="UserException">A run that stays comes from one of them; the message names both.</exception>
    public void Remove(params IReadOnlyCollection<string> ids) =>
        new RunRemoval(this, _index, _studies).Remove([.. ids]);

    /// <summary>Removes what crashes left behind; interrupted runs with a checkpoint stay.</summary>
    /// <returns>The number of bytes freed.</returns>
    public long CollectGarbage() => new GarbageCollection(Paths).Collect();

    /// <summary>
    /// Writes a finished run's tensors in full shape (<c>initial</c>, <c>final</c>, <c>best</c> and
    /// <c>mask.safetensors</c>), <c>metrics.csv</c> and <c>run.json</c> into a new or empty folder, or over an export.
    /// </summary>
    /// <exception cref="UserException">A file of the run is damaged, or the folder holds other files.</exception>
    public void Export(string id, string folder) => RunExport.Write(Load(id), Document(id), folder);

    internal RunIndex Index => _index;

    internal string DataName(DataSpecification data) =>
        _dataNames.TryGetValue(data.Sha256, out string? name) ? name : RunIdentity.Short(data.Sha256);

    /// <summary>All that <c>run.json</c> says of the finished run with a full id.</summary>
    /// <exception cref="UserException">There is no such run, or its file is damaged or of a newer format.</exception>
    public RunDocument Document(string id) => RunDocument.Read(RunFile(id));

    /// <summary>Makes the folder a store.</summary>
    internal void Create()
    {
        if (File.Exists(Paths.StoreFile)) return;
        Directory.CreateDirectory(Paths.Root);
        using FileLock held = FileLock.Take(Paths.LockFile);
        DurableFile.Replace(Paths.StoreFile, Encoding.ASCII.GetBytes($"{{\"format\": {Format}}}\n"));
    }

    private IReadOnlyCollection<string> Ids => [.. FoldersOf(Paths.Runs).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FoldersOf(string folder) => Directory.Exists(folder)
        ? StoreErrors.Guard(folder, () => Directory.GetDirectories(folder)).Select(inner => Path.GetFileName(inner))
        : [];

    private string RunFile(string id) => Path.Combine(Paths.Run(id), StorePaths.RunFile);

    private void RequireFormat()
    {
        if (!File.Exists(Paths.StoreFile)) return;
        string text = StoreErrors.Guard(Paths.StoreFile, () => File.ReadAllText(Paths.StoreFile)).Trim();
        if (text != $"{{\"format\": {Format}}}")
            throw new UserException(
                $"{Paths.StoreFile} says {text}, and this version of lottery uses stores of format {Format}; "
                + "update lottery or choose another --store.");
    }
}
