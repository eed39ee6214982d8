using System.Collections.Immutable;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Maintenance;

namespace Lottery.Studies.Store.Activity;

/// <summary>
/// The jobs of running and of interrupted commands. A dashboard asks for them twice a second, and that of a large study has a line for
/// each of its runs: a file that looks as it did is not read again. Thread-safe.
/// </summary>
/// <param name="paths">The paths of the store.</param>
internal sealed class ActiveJobs(StorePaths paths)
{
    private ImmutableDictionary<string, ReadJob> _known = ImmutableDictionary<string, ReadJob>.Empty;

    /// <summary>The jobs that there are now, the newest first.</summary>
    public ImmutableArray<ActiveJob> List()
    {
        ImmutableDictionary<string, ReadJob> known = _known;
        ImmutableDictionary<string, ReadJob> read = StoreFolder.NamesIn(paths.Jobs).ToImmutableDictionary(name => name, name =>
        {
            (long, long) look = RunStamp.Describe(paths.Job(name), StorePaths.JobFile);
            return known.TryGetValue(name, out ReadJob before) && before.Look == look ? before : new(look, ActiveJob.Parse(paths, name));
        });
        _known = read;
        return [.. read.Values.Select(one => one.Job?.Now(paths)).OfType<ActiveJob>().OrderByDescending(job => job.Started)];
    }

    /// <summary>A file that was read.</summary>
    /// <param name="Look">Its size and time of writing.</param>
    /// <param name="Job">What it states; null where that is no job.</param>
    private readonly record struct ReadJob((long Length, long Ticks) Look, ActiveJob? Job);
}
