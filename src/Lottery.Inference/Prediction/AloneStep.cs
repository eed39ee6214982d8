namespace Lottery.Prediction;

/// <summary>What one layer does to one example. Steps are shared by all threads; what they write lies in a room.</summary>
internal abstract class AloneStep : IDisposable
{
    /// <summary>From buffers to buffers.</summary>
    public abstract void Run(AloneRoom room);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
