namespace Lottery.Numerics;

/// <summary>
/// Counts the bytes of the buffers that this thread allocates until it is disposed of. Numbers are not cleared, so that the
/// system gives them no memory: what is allocated meanwhile is measured, and never used.
/// </summary>
internal sealed class BufferCount : IDisposable
{
    [ThreadStatic]
    private static BufferCount? t_current;

    private readonly BufferCount? _before;

    /// <summary>Begins to count.</summary>
    public BufferCount() => (_before, t_current) = (t_current, this);

    /// <summary>The count of this thread; null while nothing is counted.</summary>
    public static BufferCount? Current => t_current;

    /// <summary>The bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts a buffer.</summary>
    public void Add(long bytes) => Bytes += bytes;

    /// <inheritdoc/>
    public void Dispose() => t_current = _before;
}
