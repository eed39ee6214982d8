namespace Lottery.Studies.Store.Activity;

/// <summary>A lock that one thread of one process holds; the operating system releases it however the process ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>The lock of the file, or null while another holds it.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException refusal) when (StoreErrors.IsHeld(refusal))
        {
            return null;
        }
    }

    /// <summary>True while a process holds the lock of a file that is there.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException refusal) when (StoreErrors.IsHeld(refusal))
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for the lock of a file that is only ever held for moments.</summary>
    public static FileLock Take(string path)
    {
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            Thread.Sleep(Pause);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
