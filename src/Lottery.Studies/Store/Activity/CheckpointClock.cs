using System.Diagnostics;

namespace Lottery.Studies.Store.Activity;

/// <summary>When the next checkpoint is due.</summary>
internal sealed class CheckpointClock
{
    /// <summary>A killed run loses one second of work where the disk is fast, at most ten where it is slow.</summary>
    private static readonly TimeSpan
        ShortestInterval = TimeSpan.FromSeconds(1), LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>Writing checkpoints takes at most 1/50 of a run's time.</summary>
    private const int CheckpointFraction = 50;

    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private TimeSpan _interval = ShortestInterval;

    /// <summary>True if the last checkpoint is old enough for another.</summary>
    public bool IsDue => _sinceCheckpoint.Elapsed >= _interval;

    /// <summary>Writes a checkpoint, and measures how long that takes.</summary>
    public void Time(Action write)
    {
        long start = Stopwatch.GetTimestamp();
        write();
        TimeSpan fair = Stopwatch.GetElapsedTime(start) * CheckpointFraction;
        _interval = fair < ShortestInterval ? ShortestInterval : fair > LongestInterval ? LongestInterval : fair;
        _sinceCheckpoint.Restart();
    }
}
