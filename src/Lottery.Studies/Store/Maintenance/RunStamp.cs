namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// How the files of a run look from outside: size and time of writing of <c>run.json</c> and <c>metrics.parquet</c>, −1 where there is
/// none. They are written once, so that files that look the same are the same, unless someone means to deceive.
/// </summary>
internal readonly record struct RunStamp(long RunLength, long RunTicks, long MetricsLength, long MetricsTicks)
{
    /// <summary>The stamp of the run in a folder.</summary>
    public static RunStamp Of(string folder)
    {
        (long length, long ticks) = Describe(folder, StorePaths.RunFile);
        (long metricsLength, long metricsTicks) = Describe(folder, StorePaths.MetricsFile);
        return new(length, ticks, metricsLength, metricsTicks);
    }

    /// <summary>Size and time of writing of a file; −1 where there is none or a link.</summary>
    public static (long Length, long Ticks) Describe(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint) ? (file.Length, file.LastWriteTimeUtc.Ticks) : (-1, -1);
    }
}
