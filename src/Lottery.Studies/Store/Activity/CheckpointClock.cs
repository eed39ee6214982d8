using System.Diagnostics;
using Lottery.Networks;

namespace Lottery.Studies.Store.Activity;

/// <summary>When the next checkpoint is due.</summary>
/// <param name="bytes">What a checkpoint will have, about.</param>
internal sealed class CheckpointClock(long bytes)
{
    /// <summary>No run writes more checkpoints than that: a thousand of them share a disk.</summary>
    private const double BytesPerSecond = 5e6;

    /// <summary>Writing checkpoints takes at most 1/50 of a run's time, unless that would make them rarer than <see cref="MostOfSoonest"/>.</summary>
    private const int CheckpointFraction = 50;

    /// <summary>The latest checkpoint, in times of the soonest.</summary>
    private const int MostOfSoonest = 10;

    private static readonly TimeSpan s_soonest = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private TimeSpan _interval = Interval(bytes, TimeSpan.Zero);

    /// <summary>True if the last checkpoint is old enough for another.</summary>
    public bool IsDue => _sinceCheckpoint.Elapsed >= _interval;

    /// <summary>Writes a checkpoint, and measures how long that takes.</summary>
    /// <param name="write">Writes it, and returns how many bytes it has.</param>
    public void Write(Func<long> write)
    {
        long start = Stopwatch.GetTimestamp();
        long length = write();
        _interval = Interval(length, Stopwatch.GetElapsedTime(start));
        _sinceCheckpoint.Restart();
    }

    /// <summary>
    /// The time between two checkpoints. The soonest is one second, and as long as the checkpoint has seconds of five megabytes; the
    /// latest is ten times that; between them it is fifty times as long as writing took.
    /// </summary>
    /// <param name="bytes">What a checkpoint has.</param>
    /// <param name="writing">What writing it took.</param>
    internal static TimeSpan Interval(long bytes, TimeSpan writing)
    {
        var bySize = TimeSpan.FromSeconds(bytes / BytesPerSecond);
        TimeSpan soonest = bySize > s_soonest ? bySize : s_soonest, fair = writing * CheckpointFraction;
        return fair < soonest ? soonest : fair > soonest * MostOfSoonest ? soonest * MostOfSoonest : fair;
    }

    /// <summary>The bytes of a checkpoint of a dense network with Adam: current and best values, and two moments.</summary>
    internal static long BytesOf(Network network) => 4 * network.WeightBytes;
}
