using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.Report.Sections;

/// <summary>The evaluations and weight digests of runs, which charts need in addition to the list; each file is read once.</summary>
/// <remarks>A run whose file cannot be read is left out of the charts that need the file, and noted in <see cref="Problems"/>. Thread-safe.</remarks>
/// <param name="store">The store that holds the runs.</param>
internal sealed class RunDetails(RunStore store)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Evaluation>> _evaluations = [];
    private readonly ConcurrentDictionary<string, WeightDigest?> _digests = [];
    private readonly ConcurrentDictionary<string, byte> _problems = [];

    /// <summary>A sentence for each file that cannot be read.</summary>
    public IEnumerable<string> Problems => _problems.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads the files of <paramref name="runs"/> in parallel.</summary>
    public void Prepare(IEnumerable<RunSummary> runs) => Parallel.ForEach(runs, run =>
    {
        Evaluations(run);
        Digest(run.Id);
    });

    /// <summary>The evaluations of a run by step; empty if they cannot be read.</summary>
    public ImmutableArray<Evaluation> Evaluations(RunSummary run) =>
        _evaluations.GetOrAdd(run.Id, _ => Try(() => store.Evaluations(run.Id), []));

    /// <summary>The digest of a run's weights; null if it can neither be read nor computed.</summary>
    public WeightDigest? Digest(string id) => _digests.GetOrAdd(id, _ => Try<WeightDigest?>(() => store.Digest(id), null));

    private T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (UserException damaged)
        {
            _problems[damaged.Message] = 0;
            return otherwise;
        }
    }
}
