using System.Collections.Immutable;
using System.Globalization;
using Lottery.Studies.Store;

namespace Lottery.Studies.Slurm;

/// <summary>What Slurm does for the studies of a store, for a process that only looks: it is asked in the background, and never waited for. Thread-safe.</summary>
/// <param name="store">The store.</param>
/// <param name="slurm">Slurm; it is asked nothing while no study is on it.</param>
internal sealed class SlurmMonitor(RunStore store, ISlurm slurm)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private ImmutableDictionary<string, SlurmActivity> _last = ImmutableDictionary<string, SlurmActivity>.Empty;
    private Task _asking = Task.CompletedTask;
    private long? _asked;

    /// <summary>What was known when Slurm was asked last, by the name of the job's folder.</summary>
    /// <param name="onSlurm">Whether any study of the store is on Slurm.</param>
    public ImmutableDictionary<string, SlurmActivity> Now(bool onSlurm)
    {
        lock (_lock)
        {
            if (!onSlurm) return _last = _last.Clear();
            if (_asking.IsCompleted && !(_asked is { } asked && _time.GetElapsedTime(asked) < s_interval))
                _asking = Task.Run(Ask);
            return _last;
        }
    }

    private void Ask()
    {
        var known = _last;
        var next = ImmutableDictionary.CreateBuilder<string, SlurmActivity>();
        try
        {
            var queues = new Dictionary<string, ImmutableArray<SlurmQueueEntry>>();
            foreach ((string job, SlurmState state) in SlurmStudy.All(store))
            {
                try
                {
                    if (!queues.TryGetValue(state.User, out ImmutableArray<SlurmQueueEntry> queue)) queue = queues[state.User] = slurm.Queue(state.User);
                    next[job] = SlurmActivity.Of(state, queue);
                }
                catch (SlurmException trouble)
                {
                    SlurmActivity before = known.GetValueOrDefault(job, SlurmActivity.None);
                    next[job] = before with { Trouble = before.Trouble ?? $"no answer since {_time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} ({trouble.Message.TrimEnd('.')})" };
                }
            }
        }
        catch (UserException)
        {
            // The store cannot be read; the page says so.
            return;
        }
        finally
        {
            lock (_lock) _asked = _time.GetTimestamp();
        }
        lock (_lock) _last = next.ToImmutable();
    }
}
