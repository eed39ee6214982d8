using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.Report.Sections;

/// <summary>What charts need of single runs beyond the list: evaluations, and digests of their weights.</summary>
/// <remarks>A file that cannot be read leaves its run out of those charts, and a sentence that says so.</remarks>
/// <param name="store">Where the runs are kept.</param>
internal sealed class RunDetails(RunStore store)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Evaluation>> _evaluations = [];
    private readonly ConcurrentDictionary<string, WeightDigest?> _digests = [];
    private readonly ConcurrentDictionary<string, byte> _problems = [];

    /// <summary>A sentence for each file that cannot be read.</summary>
    public IEnumerable<string> Problems => _problems.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads all that charts of <paramref name="runs"/> need, several at once.</summary>
    public void Prepare(IEnumerable<RunSummary> runs) => Parallel.ForEach(runs, run =>
    {
        Evaluations(run);
        Digest(run.Id);
    });

    /// <summary>The run's evaluations by step; none where they cannot be read.</summary>
    public ImmutableArray<Evaluation> Evaluations(RunSummary run) =>
        _evaluations.GetOrAdd(run.Id, _ => Try(() => store.Evaluations(run.Id), []));

    /// <summary>The digest of a run's weights; null where it cannot be had.</summary>
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
