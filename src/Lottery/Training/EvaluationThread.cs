using System.Runtime.ExceptionServices;

namespace Lottery.Training;

/// <summary>Evaluates on a thread of its own, one evaluation after the other, while its owner trains.</summary>
internal sealed class EvaluationThread : IDisposable
{
    private readonly Func<int, Evaluation> _evaluate;
    private readonly SemaphoreSlim _begun = new(0), _ended = new(0);
    private readonly Thread _thread;
    private Evaluation? _evaluation;
    private Exception? _failure;
    private int _step;
    private volatile bool _disposed;

    /// <summary>A thread that waits for an evaluation to begin.</summary>
    /// <param name="evaluate">Receives the step, on that thread.</param>
    public EvaluationThread(Func<int, Evaluation> evaluate)
    {
        _evaluate = evaluate;
        _thread = new(Work) { IsBackground = true, Name = "evaluation" };
        _thread.Start();
    }

    /// <summary>Begins an evaluation; the one before has been taken.</summary>
    public void Begin(int step)
    {
        _step = step;
        _begun.Release();
    }

    /// <summary>Waits for the evaluation that was begun.</summary>
    public Evaluation Take()
    {
        _ended.Wait();
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        return _evaluation!;
    }

    /// <summary>Waits for an evaluation that has begun, and ends the thread.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _begun.Release();
        _thread.Join();
        _begun.Dispose();
        _ended.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _begun.Wait();
            if (_disposed) return;
            try
            {
                (_evaluation, _failure) = (_evaluate(_step), null);
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
            _ended.Release();
        }
    }
}
