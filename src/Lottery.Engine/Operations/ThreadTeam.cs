namespace Lottery.Operations;

/// <summary>
/// The threads of one run. Work is split into independent parts whose number does not depend on the thread count, so
/// results are bit-identical for any number of threads.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 20_000;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private Action<int, int> _part = static (_, _) => { };
    private Exception? _failure;
    private int _next, _parts, _busy;
    private volatile bool _disposed;

    /// <summary>A team of <paramref name="threads"/> threads, the caller's included.</summary>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new(() => Work(worker)) { IsBackground = true, Name = "lottery-team" };
            _threads[i].Start();
        }
    }

    /// <summary>The caller's thread and no other.</summary>
    public static ThreadTeam One { get; } = new(1);

    /// <summary>The number of threads.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Runs the parts 0 to <paramref name="parts"/> − 1, each once, and returns when all are done.</summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="part">Receives the index of a part and the index of the thread that runs it, 0 to <see cref="Threads"/> − 1.</param>
    public void Run(int parts, Action<int, int> part)
    {
        if (_threads.Length == 0 || parts < 2)
        {
            for (int i = 0; i < parts; i++) part(i, 0);
            return;
        }
        (_part, _parts, _next, _failure) = (part, parts, -1, null);
        Volatile.Write(ref _busy, _threads.Length);
        _wake.Release(_threads.Length);
        TakeParts(0);
        var spin = new SpinWait();
        while (Volatile.Read(ref _busy) > 0) spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_threads.Length == 0) return;
        _wake.Release(_threads.Length);
        foreach (Thread thread in _threads) thread.Join();
        _wake.Dispose();
    }

    private void Work(int worker)
    {
        while (true)
        {
            // The next parts mostly arrive within microseconds: sleeping would cost more than the wait.
            for (int i = 0; i < SpinsBeforeSleep && _wake.CurrentCount == 0; i++) Thread.SpinWait(4);
            _wake.Wait();
            if (_disposed) return;
            TakeParts(worker);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void TakeParts(int worker)
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next); i < _parts; i = Interlocked.Increment(ref _next)) _part(i, worker);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }
}
