namespace Lottery.Prediction;

/// <summary>What one layer does to one example. Steps are shared by all threads; what they write lies in a room.</summary>
/// <remarks>Those that are loops are optimized at once: a program that predicts once in a while would be slow for long.</remarks>
internal abstract class AloneStep : IDisposable
{
    /// <summary>From buffers to buffers.</summary>
    public abstract void Run(AloneRoom room);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
