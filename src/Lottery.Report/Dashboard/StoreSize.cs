namespace Lottery.Report.Dashboard;

/// <summary>How much space a store takes and how much is left, measured in the background. Thread-safe.</summary>
/// <param name="folder">The folder of the store.</param>
/// <param name="measured">Called when the size was measured.</param>
internal sealed class StoreSize(string folder, Action measured)
{
    /// <summary>After measuring, the next time waits this many times as long as it took: 2 % of the time.</summary>
    private const int Interval = 50;

    private static readonly EnumerationOptions s_files = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private Task _measuring = Task.CompletedTask;
    private long? _bytes, _seen;
    private long _next;

    /// <summary>The bytes of all files; null until they are counted for the first time.</summary>
    /// <param name="version">Changes when the store does; an unchanged store is not measured again.</param>
    public long? Bytes(long version)
    {
        lock (_lock)
        {
            if (version != _seen && _measuring.IsCompleted && _time.GetTimestamp() >= _next)
            {
                _seen = version;
                _measuring = Task.Run(Measure);
            }
            return _bytes;
        }
    }

    /// <summary>The bytes that are free where the store is, or will be; null if the system does not say.</summary>
    public long? FindFree()
    {
        try
        {
            string existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above) existing = above;
            return new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private void Measure()
    {
        long start = _time.GetTimestamp(), bytes = 0;
        try
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", s_files)) bytes += Length(file);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // There is no store yet.
        }
        bool changed;
        lock (_lock)
        {
            changed = bytes != _bytes;
            _bytes = bytes;
            _next = _time.GetTimestamp() + Math.Max(Interval * (_time.GetTimestamp() - start), (long)(LeastPause.TotalSeconds * _time.TimestampFrequency));
        }
        if (changed) measured();
    }

    /// <summary>Zero for a file that was removed meanwhile.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
