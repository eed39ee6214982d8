namespace Lottery.Data.Downloads;

/// <summary>Turns I/O errors of the cache into messages for the user.</summary>
internal static class DiskGuard
{
    private const int NoSpaceOnUnix = 28, NoSpaceOnWindows = unchecked((int)0x80070070);

    /// <summary>Runs <paramref name="action"/>, which reads or writes <paramref name="path"/>.</summary>
    /// <exception cref="UserException">The disk is full, or the path cannot be written.</exception>
    public static T Run<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException exception) when (exception.HResult is NoSpaceOnUnix or NoSpaceOnWindows)
        {
            throw new WorkFailedException($"There is no space left for {path}; free some, or set XDG_CACHE_HOME to a folder "
                + "on a larger disk, and run the same command again to go on.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{path} cannot be written ({exception.Message.TrimEnd('.')}); make its folder writable, "
                + "end other downloads into it, or set XDG_CACHE_HOME to another one.", exception);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(string path, Action action) => Run(path, () =>
    {
        action();
        return true;
    });
}
