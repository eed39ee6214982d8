using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>The learning curves and weight digests of runs, which charts need in addition to the list; each file is read once.</summary>
/// <remarks>A run whose file cannot be read is left out of the charts that need the file, and noted in <see cref="Problems"/>. Thread-safe.</remarks>
/// <param name="store">The store that holds the runs.</param>
internal sealed class RunDetails(RunStore store)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<(int Step, double Accuracy)>> _curves = [];
    private readonly ConcurrentDictionary<string, WeightDigest?> _digests = [];
    private readonly ConcurrentDictionary<string, byte> _problems = [];

    /// <summary>A sentence for each file that cannot be read.</summary>
    public IEnumerable<string> Problems => _problems.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads in parallel what the charts of <paramref name="section"/> need.</summary>
    public void Prepare(ReportSection section)
    {
        store.ReadPacked(section.Runs, (id, rows) => _curves[id] = rows.Curve());
        Parallel.ForEach(section.Runs, run => Curve(run));
        Parallel.ForEach(section.Weighed, run => Digest(run));
    }

    /// <summary>The validation accuracies of a run by step; empty if they cannot be read.</summary>
    public ImmutableArray<(int Step, double Accuracy)> Curve(RunSummary run) =>
        _curves.GetOrAdd(run.Id, _ => Try<ImmutableArray<(int, double)>>(() => [.. store.Evaluations(run).Select(at => (at.Step, at.Accuracy))], []));

    /// <summary>The digests that can be read of <paramref name="runs"/>.</summary>
    public WeightDigest[] Digests(IEnumerable<RunSummary> runs) => [.. runs.Select(Digest).OfType<WeightDigest>()];

    /// <summary>The digest of a run's weights; null if it can neither be read nor computed, and of a network without prunable weights.</summary>
    public WeightDigest? Digest(RunSummary run) => Digest(run.Id, run.Specification.Network);

    /// <summary>The digest of the run of <paramref name="network"/> with an id; likewise.</summary>
    public WeightDigest? Digest(string id, Network network) =>
        _digests.GetOrAdd(id, _ => Try<WeightDigest?>(() => store.Digest(id), null) is { } digest && Fits(digest, network) ? digest : null);

    private static bool Fits(WeightDigest digest, Network network) => !digest.Layers.IsEmpty && digest.Layers.Select(layer => (layer.Name, layer.Count))
        .SequenceEqual(network.Parameters.Where(parameter => parameter.Prunable).Select(parameter => (parameter.Name, parameter.Count)));

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
