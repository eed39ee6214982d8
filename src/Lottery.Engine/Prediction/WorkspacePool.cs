namespace Lottery.Prediction;

/// <summary>Workspaces for as many threads as predict at once; a thread mostly gets the one it used before.</summary>
internal sealed class WorkspacePool(Func<Workspace> make) : IDisposable
{
    /// <summary>Above so many threads at once, some allocate a workspace at every call.</summary>
    private const int Kept = 64;

    private readonly Workspace?[] _idle = new Workspace?[Kept];
    private volatile bool _disposed;

    /// <summary>A workspace for the caller alone until it is returned.</summary>
    /// <exception cref="ObjectDisposedException">The pool is disposed of.</exception>
    public Workspace Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(Predictor));
        int first = Environment.CurrentManagedThreadId % Kept;
        for (int i = 0; i < Kept; i++)
        {
            ref Workspace? slot = ref _idle[(first + i) % Kept];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } workspace) return workspace;
        }
        return make();
    }

    /// <summary>Returns a workspace.</summary>
    public void Return(Workspace workspace)
    {
        int first = Environment.CurrentManagedThreadId % Kept;
        for (int i = 0; i < Kept && !_disposed; i++)
        {
            ref Workspace? slot = ref _idle[(first + i) % Kept];
            if (slot is not null || Interlocked.CompareExchange(ref slot, workspace, null) is not null) continue;
            if (_disposed) Dispose();
            return;
        }
        workspace.Dispose();
    }

    /// <summary>Disposes of idle workspaces; one that is in use is disposed of when it is returned.</summary>
    public void Dispose()
    {
        _disposed = true;
        for (int i = 0; i < Kept; i++) Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }
}
