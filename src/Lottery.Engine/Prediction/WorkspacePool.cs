namespace Lottery.Prediction;

/// <summary>Workspaces for as many threads as predict at once; a thread mostly gets the one it had before.</summary>
internal sealed class WorkspacePool(Func<Workspace> make) : IDisposable
{
    /// <summary>More threads at once than this make room for themselves, call after call.</summary>
    private const int Kept = 64;

    private readonly Workspace?[] _idle = new Workspace?[Kept];
    private volatile bool _over;

    /// <summary>A workspace that nobody else has until it is given back.</summary>
    /// <exception cref="ObjectDisposedException">The pool is disposed of.</exception>
    public Workspace Take()
    {
        ObjectDisposedException.ThrowIf(_over, typeof(Predictor));
        int first = Environment.CurrentManagedThreadId % Kept;
        for (int i = 0; i < Kept; i++)
        {
            ref Workspace? place = ref _idle[(first + i) % Kept];
            if (place is not null && Interlocked.Exchange(ref place, null) is { } workspace) return workspace;
        }
        return make();
    }

    /// <summary>Gives a workspace back.</summary>
    public void Give(Workspace workspace)
    {
        int first = Environment.CurrentManagedThreadId % Kept;
        for (int i = 0; i < Kept && !_over; i++)
        {
            ref Workspace? place = ref _idle[(first + i) % Kept];
            if (place is not null || Interlocked.CompareExchange(ref place, workspace, null) is not null) continue;
            if (_over) Dispose();
            return;
        }
        workspace.Dispose();
    }

    /// <summary>Disposes of idle workspaces; one that is in use, when it is given back.</summary>
    public void Dispose()
    {
        _over = true;
        for (int i = 0; i < Kept; i++) Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }
}
